"""`python -m genlabel`: the same as the console script."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        # Python puts the current directory first, and whatever lies there would be taken for a
        # module of that name; the console script does not look there either.
        del sys.path[0]
    from genlabel.cli.main import run

    run()
