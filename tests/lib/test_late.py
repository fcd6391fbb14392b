from __future__ import annotations

import importlib
import sys

import pytest

from kipp.lib.late import late


def test_what_is_missing_says_so_at_once() -> None:
    with pytest.raises(ModuleNotFoundError, match="no_such_library"):
        late("no_such_library")


def test_what_is_there_is_the_module_that_is_imported() -> None:
    assert late("json").loads("[1]") == [1]
    assert late("json") is sys.modules["json"]


def test_part_of_a_package_is_reached_through_it() -> None:
    part = late("xml.dom.pulldom")

    assert importlib.import_module("xml.dom").pulldom is part
