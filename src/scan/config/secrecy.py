"""Which nodes of a config are secret: noted before they are read, so that no message can show them."""

from scan.config.document import MappingNode, Node, ScalarNode, is_filled, is_null
from scan.config.findings import Findings
from scan.config.secret_texts import in_address, is_secret_name


def hide(node: Node, findings: Findings) -> None:
    """Take every text beneath a node for a secret. What placeholders bring in is noted where they are filled in."""
    if not isinstance(node, ScalarNode):
        for child in node.value if not isinstance(node, MappingNode) else (value for _, value in node.value):
            hide(child, findings)
    elif is_filled(node):
        findings.hide(node.value)
    elif "${" not in node.value and not is_null(node):
        findings.hide(node.value)
        if "://" not in node.value or any(in_address(node.value)):
            findings.literals.append(node)


def hide_named(node: Node, findings: Findings) -> None:
    """Take the values of secretly named keys, at any depth, for secrets: `Authorization` among headers."""
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if isinstance(key, ScalarNode) and is_secret_name(key.value):
                hide(value, findings)
            else:
                hide_named(value, findings)


def hide_in_address(node: Node, text: str, findings: Findings) -> None:
    """Note the secrets inside an address, once its placeholders are filled in."""
    for secret in in_address(text):
        findings.hide(secret)
    if not is_filled(node) and any("${" not in secret for secret in in_address(node.value)):
        findings.literals.append(node)
