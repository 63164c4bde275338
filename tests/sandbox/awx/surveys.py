# -*- coding: utf-8 -*-
# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Surveys: what a survey may ask, and which answers it takes."""
from __future__ import annotations

from .credentials import HIDDEN
from .errors import Refused

TYPES: dict[str, tuple] = {
    "text": (str, "string"), "textarea": (str, "string"), "password": (str, "string"), "multiplechoice": (str, "string"),
    "multiselect": (str, "string"), "integer": (int, "integer"), "float": ((int, float), "float"),
}


def refused(text):
    return Refused(400, {"error": text})


def checked(spec, old):
    """The survey as AWX stores it."""
    parts = (("name", str, "string"), ("description", str, "string"), ("spec", list, "list of items"))
    absent = [f"Field '{name}' is missing from survey spec." for name, *_rest in parts if name not in spec]
    wrong = [f"Expected {words} for field '{name}', received {'OrderedDict' if isinstance(spec[name], dict) else type(spec[name]).__name__} type."
             for name, kind, words in parts if name in spec and not isinstance(spec[name], kind)]
    if absent or wrong:
        raise refused((absent or wrong)[-1])
    if not spec["spec"]:
        raise refused("'spec' doesn't contain any items.")
    before = {question["variable"]: question for question in (old or {}).get("spec", [])}
    seen = set()
    questions = []
    for place, question in enumerate(spec["spec"]):
        if not isinstance(question, dict):
            raise refused(f"Survey question {place} is not a json object.")
        question = dict(question)
        _check_frame(place, question, seen)
        _check_kind(place, question)
        if question["type"] in ("multiplechoice", "multiselect"):
            _check_choices(place, question)
        _keep_secret(place, question, before)
        seen.add(question["variable"])
        questions.append(question)
    return {**spec, "spec": questions}


def _check_frame(place, question, seen):
    for name in ("type", "question_name", "variable", "required"):
        if name not in question:
            raise refused(f"'{name}' missing from survey question {place}")
        kind, words = (bool, "boolean") if name == "required" else (str, "string")
        if not isinstance(question[name], kind):
            raise refused(f"'{name}' in survey question {place} expected to be {words}.")
    if question["variable"] in seen:
        raise refused(f"'variable' '{question['variable']}' duplicated in survey question {place}.")


def _check_kind(place, question):
    kind = question["type"]
    if kind not in TYPES:
        allowed = "text, textarea, password, multiplechoice, multiselect, integer, float"
        raise refused(f"'{kind}' in survey question {place} is not one of '{allowed}' allowed question types.")
    expected, words = TYPES[kind]
    if question.get("default", "") != "" and not isinstance(question["default"], expected):
        raise refused(f"Default value {question['default']} in survey question {place} expected to be {words}.")
    for limit in ("min", "max"):
        if question.get(limit) and not isinstance(question[limit], int):
            raise refused(f"The {limit} limit in survey question {place} expected to be integer.")


def _lines(text):
    return [line for line in text.splitlines() if line.strip()]


def _check_choices(place, question):
    if "choices" not in question:
        raise refused(f"Survey question {place} of type {question['type']} must specify choices.")
    if isinstance(question["choices"], str):
        question["choices"] = "\n".join(_lines(question["choices"]))
    defaults = _lines(question.get("default", ""))
    if "default" in question:
        question["default"] = "\n".join(defaults)
    if question["type"] == "multiplechoice" and len(defaults) > 1:
        raise refused("Multiple Choice (Single Select) can only have one default value.")
    # In a text of choices, AWX looks for the default as for any part of it.
    if any(default not in (question["choices"] or ()) for default in defaults):
        raise refused("Default choice must be answered from the choices listed.")


def _keep_secret(place, question, before):
    default = question.get("default")
    if question["type"] == "password" and isinstance(default, str) and default == HIDDEN:
        if not before.get(question["variable"], {}).get("default"):
            raise refused(f"{HIDDEN} is a reserved keyword, may not be used for new default in position {place}.")
        question["default"] = before[question["variable"]]["default"]
    elif default == HIDDEN:
        raise refused(f"{HIDDEN} is a reserved keyword for password question defaults, survey question {place} is type {question['type']}.")


def shown(spec):
    """A survey as it is read: a default of a password is there, and hidden."""
    if not spec:
        return {}
    return {**spec, "spec": [{**question, "default": HIDDEN} if question["type"] == "password" and question.get("default") else question
                             for question in spec["spec"]]}


# Answers.

def problems(spec, answers, required=True):
    """What is wrong with the answers to a whole survey."""
    return [problem for question in spec.get("spec", []) for problem in answer_problems(question, answers, required)]


def answer_problems(question, answers, required=True):
    name, kind = question["variable"], question["type"]
    if name not in answers:
        return [f"'{name}' value missing"] if question["required"] and required else []
    value = answers[name]
    if kind in ("text", "textarea", "password"):
        if kind == "password" and value == HIDDEN and question.get("default") is not None:
            return []
        if not isinstance(value, str):
            return [f"Value {value} for '{name}' expected to be a string."]
        if _limit(question, "min") is not None and len(value) < _limit(question, "min"):
            return [f"'{name}' value {value} is too small (length is {len(value)} must be at least {question['min']})."]
        if _limit(question, "max") is not None and len(value) > _limit(question, "max"):
            return [f"'{name}' value {value} is too large (must be no more than {question['max']})."]
    elif kind in ("integer", "float"):
        return _number_problems(question, name, value)
    elif kind == "multiselect":
        if not isinstance(value, list):
            return [f"'{name}' value is expected to be a list."]
        return [f"Value {one} for '{name}' expected to be one of {_choices(question)}." for one in value if one not in _choices(question)]
    elif value not in _choices(question):
        return [f"Value {value} for '{name}' expected to be one of {_choices(question)}."]
    return []


def _number_problems(question, name, value):
    fitting = (int,) if question["type"] == "integer" else (int, float)
    if type(value) not in fitting:
        return [f"Value {value} for '{name}' expected to be {'an integer' if question['type'] == 'integer' else 'a numeric type'}."]
    if _limit(question, "min") is not None and value < _limit(question, "min"):
        return [f"'{name}' value {value} is too small (must be at least {question['min']})."]
    if _limit(question, "max") is not None and value > _limit(question, "max"):
        return [f"'{name}' value {value} is too large (must be no more than {question['max']})."]
    return []


def _limit(question, name):
    return None if question.get(name) in ("", None) else int(question[name])


def _choices(question):
    choices = question.get("choices") or []
    return _lines(choices) if isinstance(choices, str) else choices


def defaults(spec):
    """The defaults that reach a job: those that the survey itself would take as an answer."""
    found = {}
    for question in spec.get("spec", []):
        default = question.get("default")
        if default is None or answer_problems(question, {question["variable"]: default}):
            continue
        # Measured: an unanswered password question arrives as null.
        found[question["variable"]] = None if question["type"] == "password" and default == "" else default
    return found


def secrets(spec):
    return {question["variable"] for question in spec.get("spec", []) if question["type"] == "password"}
