# SPDX-License-Identifier: Apache-2.0
"""The functions that cases name."""

FUNCTIONS = {}


def function(body):
    """Registers a function of (tensors by name, attributes) to outputs by name, the first of which has the gradient."""
    FUNCTIONS[body.__name__] = body
    return body
