"""Start placewire from a checkout: ``python run_bot.py [--config DIR] COMMAND``. The console script is the same."""

from bot.start import main

if __name__ == "__main__":
    main()
