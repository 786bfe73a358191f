"""`python -m tradeglyph`."""

from tradeglyph.cli.main import run

if __name__ == "__main__":
    run()
