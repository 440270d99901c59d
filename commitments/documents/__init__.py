"""Reads a framework's documents from a folder and refuses what is wrong, naming file and code."""

from commitments.documents.nodes import DocumentError, Node
from commitments.documents.sections import ItemText, SectionText
from commitments.documents.whole import Documents, ExampleText, content_digest, read_documents

__all__ = [
    "DocumentError",
    "Documents",
    "ExampleText",
    "ItemText",
    "Node",
    "SectionText",
    "content_digest",
    "read_documents",
]
