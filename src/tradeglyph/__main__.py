"""`python -m tradeglyph`, and the start of the command `tradeglyph`."""

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; Ctrl-C while it is still being imported ends as one later does."""
    # Modules are made to stay: looking for garbage among them is a tenth of a short run.
    gc.disable()
    try:
        from tradeglyph.cli.main import run
    except KeyboardInterrupt:
        os.write(sys.stderr.fileno(), b"stopped\n")
        sys.exit(130)
    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
