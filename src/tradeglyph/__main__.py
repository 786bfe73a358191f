"""`python -m tradeglyph`, and the start of the command `tradeglyph`."""

import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; Ctrl-C while it is still being imported ends as one later does."""
    try:
        from tradeglyph.cli.main import run
    except KeyboardInterrupt:
        os.write(sys.stderr.fileno(), b"stopped\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
