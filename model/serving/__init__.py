"""What a loaded classifier consists of: its files, its two members, and how they decide together."""
