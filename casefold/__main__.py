"""`python -m casefold`."""

from casefold.cli import main

if __name__ == "__main__":
    main()
