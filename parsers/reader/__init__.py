"""The general reader: what the page of any site says, found in an order that is the same for all."""
