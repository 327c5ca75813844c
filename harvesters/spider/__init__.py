"""Catalogue web pages, read by a polite Scrapy spider that runs in a process of its own."""
