"""Searches on items: compiled once, then item by item, which hold and why. Pure.

The libraries behind it are imported where they are used: the config, which only declares searches, pays for none.
"""
