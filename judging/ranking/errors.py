from __future__ import annotations


class RuleError(ValueError):
    """A refusal with a code for programs and a sentence for people.

    The sentence is an English msgid with named parameters, so that a screen can translate it.
    """

    def __init__(self, sentence: str, *, code: str, **params: object) -> None:
        super().__init__(sentence % params if params else sentence)
        self.code = code
        self.sentence = sentence
        self.params = params


class LawError(RuleError):
    """The law contradicts itself."""


class InputError(RuleError):
    """A score, vote or key cannot be ranked."""


def gettext_noop(message: str) -> str:
    """Mark a sentence for the catalogue; pure modules do not import Django."""
    return message
