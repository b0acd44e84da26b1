"""`python -m genlabel`: the same as the console script."""

from genlabel.cli.main import run

if __name__ == "__main__":
    run()
