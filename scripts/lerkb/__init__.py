"""lerkb: reads, checks and renders a knowledge base on equitable Learning and Employment Records."""

__version__ = "0.1.0"
