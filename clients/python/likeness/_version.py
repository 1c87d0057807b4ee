# SPDX-License-Identifier: Apache-2.0
# Made by clients/python/generate from LikenessVersion.swift; not to be edited.
VERSION = "0.1.0"
