"""What is learnt from and measured on: read, cleaned of doubles, split and described."""
