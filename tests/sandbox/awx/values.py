# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values as AWX reads them from JSON: each field says what it takes and refuses the rest in AWX's words."""
from __future__ import annotations

import json

import yaml

from .errors import Invalid

NO_NULL = "This field may not be null."


class Field:
    def __init__(self, default=None, required=False, null=False):
        self.default = default
        self.required = required
        self.null = null

    def read(self, value, store):
        if value is None:
            if self.null:
                return None
            raise Invalid(NO_NULL)
        return self.convert(value, store)

    def convert(self, value, _store):
        return value


class Text(Field):
    def __init__(self, default="", required=False, null=False, blank=True, longest=None):
        super().__init__(default, required, null)
        self.blank = blank and not required
        self.longest = longest

    def convert(self, value, _store):
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise Invalid("Not a valid string.")
        # Blanks around a text are not stored.
        text = str(value).strip()
        if not text and not self.blank:
            raise Invalid("This field may not be blank.")
        if self.longest and len(text) > self.longest:
            raise Invalid(f"Ensure this field has no more than {self.longest} characters.")
        return text


class Name(Text):
    def __init__(self):
        super().__init__(required=True, longest=512)

    def read(self, value, store):
        if value is None:
            raise Invalid("This field cannot be blank.")
        return super().read(value, store)


class Whole(Field):
    def __init__(self, default=0, least=None, null=False):
        super().__init__(default, null=null)
        self.least = least

    def convert(self, value, _store):
        try:
            number = int(str(value))
        except ValueError:
            raise Invalid("A valid integer is required.") from None
        if self.least is not None and number < self.least:
            raise Invalid(f"Ensure this value is greater than or equal to {self.least}.")
        return number


class Truth(Field):
    WORDS = {True: ("true", "t", "yes", "y", "on", "1"), False: ("false", "f", "no", "n", "off", "0")}

    def __init__(self, default=False, null=False):
        super().__init__(default, null=null)

    def read(self, value, store):
        # AWX takes null for false where a field has a default.
        return self.default if value is None else super().read(value, store)

    def convert(self, value, _store):
        for truth, words in self.WORDS.items():
            if str(value).lower() in words:
                return truth
        raise Invalid("Must be a valid boolean.")


class Choice(Field):
    def __init__(self, *choices, default="", required=False, null=False):
        super().__init__(default, required, null)
        self.choices = choices

    def read(self, value, store):
        return self.default if value is None and self.null else super().read(value, store)

    def convert(self, value, _store):
        for choice in self.choices:
            if str(choice) == str(value):
                return choice
        raise Invalid(f'"{value}" is not a valid choice.')


class Reference(Field):
    """The id of another object; `paths` are the kinds of objects that it may be."""

    def __init__(self, *paths, required=False, null=True):
        super().__init__(None, required, null)
        self.paths = paths

    def read(self, value, store):
        if value == "":
            value = None
        return super().read(value, store)

    def convert(self, value, store):
        if isinstance(value, bool) or not str(value).isdigit():
            raise Invalid(f"Incorrect type. Expected pk value, received {type(value).__name__}.")
        for path in self.paths:
            if int(value) in store.tables[path]:
                return int(value)
        raise Invalid(f'Invalid pk "{value}" - object does not exist.')


class Variables(Field):
    """Text of JSON or YAML, kept as it was sent."""

    def __init__(self):
        super().__init__("")

    def convert(self, value, _store):
        if not isinstance(value, str):
            raise Invalid("Not a valid string.")
        parsed(value)
        return value


class Data(Field):
    """A JSON object of any content (or its text), such as the answers that a node or a schedule gives."""

    def __init__(self):
        super().__init__({})

    def convert(self, value, _store):
        return parsed(value)


class Plain(Field):
    """A value that somebody else looks at."""

    def read(self, value, store):
        return value


def parsed(value):
    """The dictionary in a text of JSON or YAML."""
    if isinstance(value, dict):
        return value
    try:
        return _dictionary(json.loads(value))
    except (TypeError, ValueError) as error:
        of_json = error
    try:
        return _dictionary({} if value == "" else yaml.safe_load(value))
    except (AttributeError, TypeError, yaml.YAMLError) as error:
        raise Invalid(f"Cannot parse as JSON (error: {of_json}) or YAML (error: {error}).") from None


def _dictionary(value):
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError(f"Input type `{type(value).__name__}` is not a dictionary")
    return value
