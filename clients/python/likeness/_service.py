# SPDX-License-Identifier: Apache-2.0
# Made by clients/python/generate from org.varlink.service.varlink; not to be edited.
"""The Varlink Service Interface is provided by every varlink service. It
describes the service and the interfaces it implements.
"""

from __future__ import annotations

import builtins as _b
import dataclasses as _d
import typing as _t

from . import _errors as _e
from . import _values as _v

__all__ = [
    "GetInfoReply",
    "GetInterfaceDescriptionReply",
    "InterfaceNotFound",
    "MethodNotFound",
    "MethodNotImplemented",
    "InvalidParameter",
    "PermissionDenied",
    "ExpectedMore",
    "ServiceMethods",
]


@_d.dataclass(frozen=True)
class GetInfoReply:
    """What GetInfo answers."""

    vendor: str
    product: str
    version: str
    url: str
    interfaces: _t.List[str]


@_d.dataclass(frozen=True)
class GetInterfaceDescriptionReply:
    """What GetInterfaceDescription answers."""

    description: str


class InterfaceNotFound(_e.VarlinkError):
    """The requested interface was not found."""

    varlink_name = "org.varlink.service.InterfaceNotFound"
    interface: str


class MethodNotFound(_e.VarlinkError):
    """The requested method was not found"""

    varlink_name = "org.varlink.service.MethodNotFound"
    method: str


class MethodNotImplemented(_e.VarlinkError):
    """The interface defines the requested method, but the service does not
    implement it.
    """

    varlink_name = "org.varlink.service.MethodNotImplemented"
    method: str


class InvalidParameter(_e.VarlinkError):
    """One of the passed parameters is invalid."""

    varlink_name = "org.varlink.service.InvalidParameter"
    parameter: str


class PermissionDenied(_e.VarlinkError):
    """Client is denied access"""

    varlink_name = "org.varlink.service.PermissionDenied"


class ExpectedMore(_e.VarlinkError):
    """Method is expected to be called with 'more' set to true, but wasn't"""

    varlink_name = "org.varlink.service.ExpectedMore"


_v.RECORDS[GetInfoReply] = (
    _v.Field("vendor", "vendor", _v.STRING),
    _v.Field("product", "product", _v.STRING),
    _v.Field("version", "version", _v.STRING),
    _v.Field("url", "url", _v.STRING),
    _v.Field("interfaces", "interfaces", _v.ListOf(_v.STRING)),
)
_v.RECORDS[GetInterfaceDescriptionReply] = (
    _v.Field("description", "description", _v.STRING),
)
_e.register(InterfaceNotFound, (
    _v.Field("interface", "interface", _v.STRING),
))
_e.register(MethodNotFound, (
    _v.Field("method", "method", _v.STRING),
))
_e.register(MethodNotImplemented, (
    _v.Field("method", "method", _v.STRING),
))
_e.register(InvalidParameter, (
    _v.Field("parameter", "parameter", _v.STRING),
))
_e.register(PermissionDenied, ())
_e.register(ExpectedMore, ())
_GET_INFO = _v.Method(
    "org.varlink.service.GetInfo",
    (),
    GetInfoReply,
)
_GET_INTERFACE_DESCRIPTION = _v.Method(
    "org.varlink.service.GetInterfaceDescription",
    (
        _v.Field("interface", "interface", _v.STRING),
    ),
    GetInterfaceDescriptionReply,
)


class ServiceMethods(_v.Caller):
    """The methods of org.varlink.service."""

    def get_info(
        self,
    ) -> GetInfoReply:
        """Get a list of all the interfaces a service provides and information
        about the implementation.
        """
        return self._call(_GET_INFO, {})

    def get_interface_description(
        self,
        *,
        interface: str,
    ) -> GetInterfaceDescriptionReply:
        """Get the description of an interface that is implemented by this service."""
        return self._call(_GET_INTERFACE_DESCRIPTION, {"interface": interface})
