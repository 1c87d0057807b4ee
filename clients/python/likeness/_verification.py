# SPDX-License-Identifier: Apache-2.0
# Made by clients/python/generate from io.likeness.Verification.varlink; not to be edited.
"""Few-shot verification of faces and handwritten signatures: probes are compared with identities of one to
five samples.

WHO MAY CALL
The kernel says which user a caller is. A method needs a role:
  verify_self: Verify and VerifyFrames of the identity that is called as the caller's account is on the daemon's host or, where a relay
           names a user, as that user's is
  verify:  includes verify_self; Verify and VerifyFrames of anybody, Identify, IdentifyAll and io.likeness.Admin.Status
  enrol_self: includes verify_self; Enroll, EnrollSamples, CheckSample, Remove and Describe of the identity that is called as the
           caller's account is. All but Describe where polkit lets the user too, who may have to type a password meanwhile: NotAuthorized
           otherwise
  enrol:   includes verify and enrol_self, and polkit is not asked; Enroll, EnrollSamples, CheckSample, List, Describe, MoveSample, Remove and
           io.likeness.Admin.RotationStatus
  compare: Detect and Compare, which look at pictures of the caller's own and ask nothing of the gallery. Neither verify nor
           enrol includes it
  admin:   includes all of them; everything else of io.likeness.Admin
Apart from the roles there are two grants:
  score:  replies hold distances, scores and thresholds, an operating point may be named, and no lock-out
          holds. Whoever sees how near a probe was can change it step by step until it matches.
  relay:  the caller may name the user for whom it asks, as a PAM module does.
The daemon's configuration names users and groups for the roles and grants; the groups are those that the
caller's process had when it connected. Root and the daemon's own user have all of them. A caller without the
role or grant gets org.varlink.service.PermissionDenied. While the configuration names nobody, the system's
daemon serves root and its own user alone; a user's own daemon, whose socket is that user's, serves whoever
may connect.

FAILED COMPARISONS
Those of a caller without the grant score are counted: by caller and identity, and by caller over all
identities. After some of them the next comparison has to wait, longer each time; after more none is made for a
day, or as the configuration says. Whoever has to wait gets TooManyAttempts. A match clears the count with that identity.
An inconclusive probe and an image that is refused do not count; all calls together are held to a rate. Of IdentifyAll each
face is a probe of its own, which is charged before it is compared and counts towards the rate; so does each face that Detect tells,
and each of the two pictures of Compare. Both of these, and CheckSample, compare with nobody who is enrolled, and fail in nothing.
Failures with an identity hold for one that takes over a sample of it (MoveSample), which is refused where it would lock somebody out of it.
A name that is not enrolled is counted as one that is. Where a relay names a user, it is the user's count.

WHO IS ENROLLED
A caller with the role verify alone, without the grant score, is not told who is enrolled: Verify and VerifyFrames answer
no_match for a name that is not enrolled, is of a modality without a model or has no usable sample, and Identify
names whoever matches, or nobody.

NAMES
The name of an identity has 1 to 128 characters and at most 1024 bytes of UTF-8. It holds no control
or unassigned character, line separator or invisible format character (the joiners U+200C and U+200D
are allowed), and neither begins nor ends with white space. Names are brought to Unicode normal form
C: replies hold that form, and two spellings of one form are one name. Case matters.
The name of an account of the daemon's host is that user's: whoever asks who may log in asks for the identity of that name. Enroll, EnrollSamples,
MoveSample from it and to it, and Remove under it are for its user, with the role enrol or, but for MoveSample, enrol_self, and for
administrators; others get ReservedName.
Whoever makes a new account looks first whether somebody is enrolled under its name.

IMAGES
An image is a PNG, JPEG, WebP, HEIC, AVIF or TIFF file in base64: the standard alphabet of RFC 4648, section 4, padded,
without line breaks. By default the file has at most 64 MiB and the picture at most 50 megapixels; the
configuration may say otherwise. No side is longer than 65535 pixels (JPEG: 65500). The orientation that
EXIF states is followed. Transparency is white paper, and white ink on nothing but transparency is drawn
in black. A picture for a face model shows one face, except for Detect and IdentifyAll; with largest, the largest of several faces is
taken, and without it several are refused. A picture for a signature model shows one signature in dark ink
on light paper, scanned or photographed, and nothing else; largest means nothing for it.

MODALITIES
face, signature or glyph; a daemon works with those that it has a model for, see
io.likeness.Admin.Status. One gallery holds identities of all of them. An identity is of one modality,
that of its first sample, so that each decision rests on one model and its thresholds; whoever is to be
known by face and by signature is enrolled under two names, such as "ada" and "ada (signature)". Verify
takes the identity's modality; Identify and warnings look among identities of one modality. Where a caller
names none, it is that of the identity if it is enrolled, and otherwise the first that has a model, face
before signature before glyph.

NUMBERS
distance: Euclidean, between embeddings; at least 0, smaller is more alike. Its scale is the model's.
  That to an identity is, by configuration, to the mean of its samples or to the nearest of them. Where the model's package
  states a usual spread, the distance to the mean of several samples is multiplied by a number from 0.7 to 1.4, which is above 1
  where they lie closer together than is usual.
score: in 0..1, larger is more alike: the probability, at equal priors, that both are the same person,
  as the model's calibration estimates it.
threshold: a score. From it on a probe matches. Scores near 0 or 1 may round to the same number; the
  daemon decides by distance, so that result is right where they do.
Distances, scores, thresholds and measurements that keep their limits are absent, or the list of them empty, for a caller
without the grant score, and the values of measurements that miss a limit are rounded to two digits, away from it.
operating_point: the false-match rate that the threshold stands for, between 0 and 1: at 1e-3, one
  impostor in a thousand who makes no effort to pass for the identity is let through. A caller with the grant score may name any rate that the model has a threshold for;
  the default is the configuration's: 1e-3, unless it says otherwise.
false_positive_identification: how often Identify and IdentifyAll take somebody who is not enrolled for somebody who is, see
  IdentificationRate. With the parameter false_positive_identification_rate, between 0 and 1, a caller with the grant score asks for a
  threshold that keeps this rate among those who are enrolled now, in place of an operating_point; of those that do, the one
  that refuses the fewest people is taken. Where none does, the answer is NoSuchIdentificationRate.
skilled_false_match_rate: the share of skilled forgeries that the threshold lets through, between 0 and 1, as measured on the
  model's calibration set; absent where none were measured, as for faces.
Times are whole seconds since 1970-01-01T00:00:00Z.
model: SHA-256 of the model package, 64 lower-case hexadecimal digits.
generation: the id of the generation that the probe was compared with, see io.likeness.Admin. A rotation to another
  model makes another one the active one; a request finishes on the one that it began with.

ERRORS
Every error below carries a message for a person: what was wrong, with the measured value and the
limit where there is one, and what to do. The errors of org.varlink.service carry none:
InvalidParameter names the parameter that is missing, of another type or out of its range.
Any method may return Internal.

CONNECTIONS
Calls on one connection are answered one after the other; open several to have several answered at
once. Closing the connection cancels the call: one that waits is dropped, and one that a worker has begun
ends at the next step. Whoever closes, or loses the connection, before the reply to Enroll or
Remove does not know whether it took effect: ask Describe. A reply to either comes after the change is
on the disk. A call has to arrive within 30 seconds of its first byte, and a reply has to be taken
within 30 seconds; otherwise the connection is closed. A call larger than 96 MiB, by default, or with
more than 4096 keys and values is answered with InvalidParameter, and the connection is closed.
"""

from __future__ import annotations

import builtins as _b
import dataclasses as _d
import typing as _t

from . import _errors as _e
from . import _values as _v

__all__ = [
    "WarningKind",
    "Modality",
    "Result",
    "Measurement",
    "Warning_",
    "Identity",
    "Sample",
    "NewSample",
    "Candidate",
    "IdentificationRate",
    "Box",
    "Point",
    "Face",
    "IdentifiedFace",
    "MeasuredPicture",
    "EnrollReply",
    "EnrollSamplesReply",
    "CheckSampleReply",
    "VerifyReply",
    "VerifyFramesReply",
    "IdentifyReply",
    "IdentifyAllReply",
    "DetectReply",
    "CompareReply",
    "ListReply",
    "DescribeReply",
    "MoveSampleReply",
    "RemoveReply",
    "NoSuchIdentity",
    "NoSuchSample",
    "NoUsableSample",
    "TooManySamples",
    "LastSample",
    "InvalidName",
    "ReservedName",
    "NotAuthorized",
    "ImageRejected",
    "NoFace",
    "SeveralFaces",
    "LowQuality",
    "ModalityMismatch",
    "NoSuchOperatingPoint",
    "NoSuchIdentificationRate",
    "Busy",
    "TooManyAttempts",
    "Internal",
    "VerificationMethods",
]


class WarningKind(_v.Enumeration):
    duplicate_sample = "duplicate_sample"
    near_identity = "near_identity"
    unlike_own_samples = "unlike_own_samples"


class Modality(_v.Enumeration):
    face = "face"
    signature = "signature"
    glyph = "glyph"


class Result(_v.Enumeration):
    match = "match"
    no_match = "no_match"
    inconclusive = "inconclusive"


@_d.dataclass(frozen=True)
class Measurement:
    """One thing measured on an image. It is acceptable from minimum to maximum, both included; a limit that
    is absent does not bind. The limits are the model's.
    """

    quantity: str
    """face_size: the shorter side of the face's box, in pixels of the image that was sent
    sharpness: of the aligned face, 0 to 100, larger is sharper
    brightness: mean grey level of the aligned face, 0 to 255
    contrast: standard deviation of these grey levels, 0 to 128
    detection: the detector's confidence, on the detector's own scale
    ink: share of the picture that is ink, 0 to 1; of a negative or a dark picture, the share that is dark
    head_yaw: degrees that the head is turned to a side, -90 to 90, positive to the right of the
    picture
    head_roll: degrees that it is tilted, -180 to 180, positive clockwise: it is undone
    mirror_distance: distance of the face's embedding to that of its mirror image: large where the
    face is seen from the side, or half of it is covered or in shadow
    eyes_visible, mouth_and_nose_visible: how surely they are seen, 0 to 1; near 0 where glasses, a mask, a scarf or
    a hand covers them. Measured where the daemon has a network for it, see face_cover of io.likeness.Admin.Status
    half_tones: share of the picture that is neither paper nor ink nor beside ink, 0 to 1: much of a photograph
    form_lines: share of the ink that a form printed, as lines, frames and leaders, 0 to 1; it is taken out
    pieces: how many pieces the ink has that are not connected: many of a page of print
    signatures: how many groups of ink lie too far apart to be one signature
    signature_size: the longer side of the box around the ink, in pixels of the image that was sent
    """
    value: float
    minimum: _t.Optional[float] = None
    maximum: _t.Optional[float] = None


@_d.dataclass(frozen=True)
class Warning_:
    """Something that an administrator should look at; it never stops an enrolment.
    duplicate_sample: this very file is enrolled already, as sample of identity. The first sixteen at most are
      told.
    near_identity: the sample would match identity, which is another, at this distance. The five nearest at
      most are told.
    unlike_own_samples: the sample would not match the other samples of identity, its own, which are at
      this distance.
    What would match is decided at the configured operating point. For a caller without the grant score the distance is
    absent, and near_identity and unlike_own_samples count as failed comparisons with that identity.
    """

    kind: WarningKind
    message: str
    identity: _t.Optional[str] = None
    sample: _t.Optional[int] = None
    distance: _t.Optional[float] = None


@_d.dataclass(frozen=True)
class Identity:
    """Identity of io.likeness.Verification."""

    name: str
    modality: Modality
    samples: int
    """How many it has now, 1 to 5"""
    enrolled: int
    """When the first sample was enrolled"""
    updated: int
    """When a sample was last added or removed"""


@_d.dataclass(frozen=True)
class Sample:
    """Sample of io.likeness.Verification."""

    number: int
    """From 1; given once within an identity and not again while the identity exists"""
    enrolled: int
    """When it was enrolled"""
    width: int
    """Pixels of the image that the daemon keeps: of a face the part around it, of any picture reduced where it is large"""
    height: int
    measurements: _t.List[Measurement]


@_d.dataclass(frozen=True)
class NewSample:
    """One of several images that were enrolled."""

    sample: int
    """Its number"""
    measurements: _t.List[Measurement]
    warnings: _t.List[Warning_]


@_d.dataclass(frozen=True)
class Candidate:
    """Candidate of io.likeness.Verification."""

    identity: str
    distance: _t.Optional[float] = None
    score: _t.Optional[float] = None


@_d.dataclass(frozen=True)
class IdentificationRate:
    """The false-positive identification rate (FPIR, ISO/IEC 19795-1) of a search at its threshold."""

    rate: float
    """1 - (1 - FMR)^N, as if comparisons were independent; FMR is the rate of the operating point. Thresholds are those of operating points
    alone: nothing is interpolated between two that were measured
    """
    upper_bound: float
    """N times the upper end of the 95 % confidence interval of this FMR (io.likeness.Admin.Status tells it), at most 1. It holds however
    comparisons depend on each other
    """
    references: int
    """N: how many references the probe was compared with, one of each identity, or of each sample where the nearest sample decides"""


@_d.dataclass(frozen=True)
class Box:
    """A part of a picture, in pixels of the upright picture from the centre of the top-left one. It may reach over the edge."""

    left: float
    top: float
    width: float
    height: float


@_d.dataclass(frozen=True)
class Point:
    """Point of io.likeness.Verification."""

    x: float
    y: float


@_d.dataclass(frozen=True)
class Face:
    """A face that was found."""

    box: Box
    landmarks: _t.List[Point]
    """Five of them"""
    landmark_layout: str
    """What they are. eyes-nose-mouth: the eyes, the tip of the nose, the corners of the mouth, those on the left of the picture first;
    eye-corners-nose: outer and inner corner of the eye on the right of the picture, of the one on the left, and the base of the nose
    """
    measurements: _t.List[Measurement]
    """Empty for a face that cannot be aligned"""
    acceptable: bool
    """Whether a decision may rest on it"""
    complaints: _t.List[str]
    """Why not, each with what to do"""


@_d.dataclass(frozen=True)
class IdentifiedFace:
    """A face of a group. The result is that of Identify."""

    box: Box
    result: Result
    measurements: _t.List[Measurement]
    unacceptable: _t.List[Measurement]
    message: str
    """The decision in words; also why it was not compared, or cannot be aligned"""
    nearest: _t.Optional[Candidate] = None
    """The nearest identity, whether it matches or not; without the grant score the one who matches"""


@_d.dataclass(frozen=True)
class MeasuredPicture:
    """One of two pictures."""

    measurements: _t.List[Measurement]
    unacceptable: _t.List[Measurement]
    """Those out of their limits"""


@_d.dataclass(frozen=True)
class EnrollReply:
    """What Enroll answers."""

    identity: str
    sample: int
    samples: int
    measurements: _t.List[Measurement]
    warnings: _t.List[Warning_]
    model: str


@_d.dataclass(frozen=True)
class EnrollSamplesReply:
    """What EnrollSamples answers."""

    identity: str
    enrolled: _t.List[NewSample]
    samples: int
    model: str


@_d.dataclass(frozen=True)
class CheckSampleReply:
    """What CheckSample answers."""

    modality: str
    measurements: _t.List[Measurement]
    model: str


@_d.dataclass(frozen=True)
class VerifyReply:
    """What Verify answers."""

    identity: str
    result: Result
    operating_point: float
    measurements: _t.List[Measurement]
    unacceptable: _t.List[Measurement]
    message: str
    model: str
    generation: int
    distance: _t.Optional[float] = None
    score: _t.Optional[float] = None
    threshold: _t.Optional[float] = None
    skilled_false_match_rate: _t.Optional[float] = None


@_d.dataclass(frozen=True)
class VerifyFramesReply:
    """What VerifyFrames answers."""

    identity: str
    modality: str
    """face, signature or glyph: what the frames were read as. Who logs people in by a camera takes a match of a face alone"""
    result: Result
    frame: int
    operating_point: float
    attempt_false_match_rate: float
    measurements: _t.List[Measurement]
    unacceptable: _t.List[Measurement]
    message: str
    model: str
    generation: int
    distance: _t.Optional[float] = None
    score: _t.Optional[float] = None
    threshold: _t.Optional[float] = None
    skilled_false_match_rate: _t.Optional[float] = None


@_d.dataclass(frozen=True)
class IdentifyReply:
    """What Identify answers."""

    result: Result
    candidates: _t.List[Candidate]
    operating_point: float
    measurements: _t.List[Measurement]
    unacceptable: _t.List[Measurement]
    message: str
    model: str
    generation: int
    threshold: _t.Optional[float] = None
    skilled_false_match_rate: _t.Optional[float] = None
    false_positive_identification: _t.Optional[IdentificationRate] = None


@_d.dataclass(frozen=True)
class IdentifyAllReply:
    """What IdentifyAll answers."""

    width: int
    height: int
    found: int
    result: Result
    faces: _t.List[IdentifiedFace]
    operating_point: float
    model: str
    generation: int
    threshold: _t.Optional[float] = None
    false_positive_identification: _t.Optional[IdentificationRate] = None


@_d.dataclass(frozen=True)
class DetectReply:
    """What Detect answers."""

    width: int
    height: int
    found: int
    faces: _t.List[Face]
    model: str
    refusal: _t.Optional[str] = None


@_d.dataclass(frozen=True)
class CompareReply:
    """What Compare answers."""

    result: Result
    operating_point: float
    first: MeasuredPicture
    second: MeasuredPicture
    message: str
    model: str
    distance: _t.Optional[float] = None
    score: _t.Optional[float] = None
    threshold: _t.Optional[float] = None
    skilled_false_match_rate: _t.Optional[float] = None


@_d.dataclass(frozen=True)
class ListReply:
    """What List answers."""

    identities: _t.List[Identity]


@_d.dataclass(frozen=True)
class DescribeReply:
    """What Describe answers."""

    identity: Identity
    samples: _t.List[Sample]
    model: str


@_d.dataclass(frozen=True)
class MoveSampleReply:
    """What MoveSample answers."""

    identity: str
    sample: int
    samples: int
    remaining: int
    created: bool
    warnings: _t.List[Warning_]


@_d.dataclass(frozen=True)
class RemoveReply:
    """What Remove answers."""

    removed: int
    remaining: int


class NoSuchIdentity(_e.VarlinkError):
    """Nobody is enrolled under this name."""

    varlink_name = "io.likeness.Verification.NoSuchIdentity"
    identity: str
    message: str


class NoSuchSample(_e.VarlinkError):
    """The identity has no sample of this number."""

    varlink_name = "io.likeness.Verification.NoSuchSample"
    identity: str
    sample: int
    message: str


class NoUsableSample(_e.VarlinkError):
    """The identity is enrolled, and none of its samples can be compared: the model that the gallery was rotated to
    refuses them, or they are damaged. It has to be enrolled again.
    """

    varlink_name = "io.likeness.Verification.NoUsableSample"
    identity: str
    message: str


class TooManySamples(_e.VarlinkError):
    """The identity has as many samples as it may have, limit; remove one first."""

    varlink_name = "io.likeness.Verification.TooManySamples"
    identity: str
    limit: int
    message: str


class LastSample(_e.VarlinkError):
    """It is the only sample of the identity, and the call does not allow that the identity goes with it."""

    varlink_name = "io.likeness.Verification.LastSample"
    identity: str
    sample: int
    message: str


class InvalidName(_e.VarlinkError):
    """The name breaks the rules above; the message says which."""

    varlink_name = "io.likeness.Verification.InvalidName"
    message: str


class ReservedName(_e.VarlinkError):
    """The name is that of an account of the daemon's host: its user alone, or an administrator, may change what is enrolled under it."""

    varlink_name = "io.likeness.Verification.ReservedName"
    identity: str
    message: str


class NotAuthorized(_e.VarlinkError):
    """The caller may change its own identity alone (enrol_self), and polkit did not let it. cause is one word for programs: refused (by the policy,
    or the password was wrong), dismissed (the question was closed), nobody_to_ask (no agent could ask for the password), no_authority (no
    polkit knows of the action io.likeness.enrol-self) or no_answer (in time).
    """

    varlink_name = "io.likeness.Verification.NotAuthorized"
    cause: str
    message: str


class ImageRejected(_e.VarlinkError):
    """The image is not read. cause is one word for programs: not_base64, empty, file_too_large,
    too_many_pixels, side_too_long, no_pixels, unsupported_format, unsupported_encoding, truncated, corrupt,
    too_much_work (the file, or the time it takes, is out of proportion to its pixels) or writing.
    """

    varlink_name = "io.likeness.Verification.ImageRejected"
    cause: str
    message: str


class NoFace(_e.VarlinkError):
    """No face is found, or one that cannot be aligned."""

    varlink_name = "io.likeness.Verification.NoFace"
    message: str


class SeveralFaces(_e.VarlinkError):
    """More than one face is found, and largest is not set."""

    varlink_name = "io.likeness.Verification.SeveralFaces"
    count: int
    message: str


class LowQuality(_e.VarlinkError):
    """The image is not good enough to enrol: the measurements out of their limits. Probes get the result
    inconclusive instead.
    """

    varlink_name = "io.likeness.Verification.LowQuality"
    unacceptable: _t.List[Measurement]
    message: str


class ModalityMismatch(_e.VarlinkError):
    """With identity: it is enrolled in another modality. Without: no model is loaded for the modality, that of an identity
    among them.
    """

    varlink_name = "io.likeness.Verification.ModalityMismatch"
    identity: _t.Optional[str]
    message: str


class NoSuchOperatingPoint(_e.VarlinkError):
    """The model has no threshold for this false-match rate; available are those it has, largest first."""

    varlink_name = "io.likeness.Verification.NoSuchOperatingPoint"
    available: _t.List[float]
    message: str


class NoSuchIdentificationRate(_e.VarlinkError):
    """No threshold of the model keeps this false-positive identification rate among so many references; available are the rates
    that its thresholds have there, largest first.
    """

    varlink_name = "io.likeness.Verification.NoSuchIdentificationRate"
    references: int
    available: _t.List[float]
    message: str


class Busy(_e.VarlinkError):
    """The daemon takes no more now: either its queue of requests that wait for a worker is full, or it is
    stopping. Nothing was done; try again in a moment. Remove and MoveSample do not queue, and get it only from a daemon
    that is stopping. A daemon that stops may also close the connection without a reply to what it has not
    begun.
    """

    varlink_name = "io.likeness.Verification.Busy"
    message: str


class TooManyAttempts(_e.VarlinkError):
    """Too many comparisons of this caller, or of the user it asks for, have failed or were asked for. Nothing was compared. Try again in
    retry_after seconds; locked says that it is a lock-out, which an administrator can lift. To EnrollSamples it also says that its pictures
    could fail more often than is allowed: fewer may be sent now, as message says, and retry_after is 0 where waiting allows no more. To
    MoveSample it also says that somebody, who need not be the caller, is locked out of the one identity and would be of the other.
    """

    varlink_name = "io.likeness.Verification.TooManyAttempts"
    retry_after: int
    locked: bool
    message: str


class Internal(_e.VarlinkError):
    """The daemon itself failed, in its gallery for instance; its journal tells more."""

    varlink_name = "io.likeness.Verification.Internal"
    message: str


_v.RECORDS[Measurement] = (
    _v.Field("quantity", "quantity", _v.STRING),
    _v.Field("value", "value", _v.FLOAT),
    _v.Field("minimum", "minimum", _v.Maybe(_v.FLOAT)),
    _v.Field("maximum", "maximum", _v.Maybe(_v.FLOAT)),
)
_v.RECORDS[Warning_] = (
    _v.Field("kind", "kind", _v.EnumerationOf(WarningKind)),
    _v.Field("message", "message", _v.STRING),
    _v.Field("identity", "identity", _v.Maybe(_v.STRING)),
    _v.Field("sample", "sample", _v.Maybe(_v.INT)),
    _v.Field("distance", "distance", _v.Maybe(_v.FLOAT)),
)
_v.RECORDS[Identity] = (
    _v.Field("name", "name", _v.STRING),
    _v.Field("modality", "modality", _v.EnumerationOf(Modality)),
    _v.Field("samples", "samples", _v.INT),
    _v.Field("enrolled", "enrolled", _v.INT),
    _v.Field("updated", "updated", _v.INT),
)
_v.RECORDS[Sample] = (
    _v.Field("number", "number", _v.INT),
    _v.Field("enrolled", "enrolled", _v.INT),
    _v.Field("width", "width", _v.INT),
    _v.Field("height", "height", _v.INT),
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
)
_v.RECORDS[NewSample] = (
    _v.Field("sample", "sample", _v.INT),
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("warnings", "warnings", _v.ListOf(_v.RecordOf(Warning_))),
)
_v.RECORDS[Candidate] = (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("distance", "distance", _v.Maybe(_v.FLOAT)),
    _v.Field("score", "score", _v.Maybe(_v.FLOAT)),
)
_v.RECORDS[IdentificationRate] = (
    _v.Field("rate", "rate", _v.FLOAT),
    _v.Field("upper_bound", "upper_bound", _v.FLOAT),
    _v.Field("references", "references", _v.INT),
)
_v.RECORDS[Box] = (
    _v.Field("left", "left", _v.FLOAT),
    _v.Field("top", "top", _v.FLOAT),
    _v.Field("width", "width", _v.FLOAT),
    _v.Field("height", "height", _v.FLOAT),
)
_v.RECORDS[Point] = (
    _v.Field("x", "x", _v.FLOAT),
    _v.Field("y", "y", _v.FLOAT),
)
_v.RECORDS[Face] = (
    _v.Field("box", "box", _v.RecordOf(Box)),
    _v.Field("landmarks", "landmarks", _v.ListOf(_v.RecordOf(Point))),
    _v.Field("landmark_layout", "landmark_layout", _v.STRING),
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("acceptable", "acceptable", _v.BOOL),
    _v.Field("complaints", "complaints", _v.ListOf(_v.STRING)),
)
_v.RECORDS[IdentifiedFace] = (
    _v.Field("box", "box", _v.RecordOf(Box)),
    _v.Field("result", "result", _v.EnumerationOf(Result)),
    _v.Field("nearest", "nearest", _v.Maybe(_v.RecordOf(Candidate))),
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("unacceptable", "unacceptable", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("message", "message", _v.STRING),
)
_v.RECORDS[MeasuredPicture] = (
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("unacceptable", "unacceptable", _v.ListOf(_v.RecordOf(Measurement))),
)
_v.RECORDS[EnrollReply] = (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("sample", "sample", _v.INT),
    _v.Field("samples", "samples", _v.INT),
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("warnings", "warnings", _v.ListOf(_v.RecordOf(Warning_))),
    _v.Field("model", "model", _v.STRING),
)
_v.RECORDS[EnrollSamplesReply] = (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("enrolled", "enrolled", _v.ListOf(_v.RecordOf(NewSample))),
    _v.Field("samples", "samples", _v.INT),
    _v.Field("model", "model", _v.STRING),
)
_v.RECORDS[CheckSampleReply] = (
    _v.Field("modality", "modality", _v.STRING),
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("model", "model", _v.STRING),
)
_v.RECORDS[VerifyReply] = (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("result", "result", _v.EnumerationOf(Result)),
    _v.Field("distance", "distance", _v.Maybe(_v.FLOAT)),
    _v.Field("score", "score", _v.Maybe(_v.FLOAT)),
    _v.Field("threshold", "threshold", _v.Maybe(_v.FLOAT)),
    _v.Field("operating_point", "operating_point", _v.FLOAT),
    _v.Field("skilled_false_match_rate", "skilled_false_match_rate", _v.Maybe(_v.FLOAT)),
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("unacceptable", "unacceptable", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("message", "message", _v.STRING),
    _v.Field("model", "model", _v.STRING),
    _v.Field("generation", "generation", _v.INT),
)
_v.RECORDS[VerifyFramesReply] = (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("modality", "modality", _v.STRING),
    _v.Field("result", "result", _v.EnumerationOf(Result)),
    _v.Field("frame", "frame", _v.INT),
    _v.Field("distance", "distance", _v.Maybe(_v.FLOAT)),
    _v.Field("score", "score", _v.Maybe(_v.FLOAT)),
    _v.Field("threshold", "threshold", _v.Maybe(_v.FLOAT)),
    _v.Field("operating_point", "operating_point", _v.FLOAT),
    _v.Field("attempt_false_match_rate", "attempt_false_match_rate", _v.FLOAT),
    _v.Field("skilled_false_match_rate", "skilled_false_match_rate", _v.Maybe(_v.FLOAT)),
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("unacceptable", "unacceptable", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("message", "message", _v.STRING),
    _v.Field("model", "model", _v.STRING),
    _v.Field("generation", "generation", _v.INT),
)
_v.RECORDS[IdentifyReply] = (
    _v.Field("result", "result", _v.EnumerationOf(Result)),
    _v.Field("candidates", "candidates", _v.ListOf(_v.RecordOf(Candidate))),
    _v.Field("threshold", "threshold", _v.Maybe(_v.FLOAT)),
    _v.Field("operating_point", "operating_point", _v.FLOAT),
    _v.Field("skilled_false_match_rate", "skilled_false_match_rate", _v.Maybe(_v.FLOAT)),
    _v.Field("false_positive_identification", "false_positive_identification", _v.Maybe(_v.RecordOf(IdentificationRate))),
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("unacceptable", "unacceptable", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("message", "message", _v.STRING),
    _v.Field("model", "model", _v.STRING),
    _v.Field("generation", "generation", _v.INT),
)
_v.RECORDS[IdentifyAllReply] = (
    _v.Field("width", "width", _v.INT),
    _v.Field("height", "height", _v.INT),
    _v.Field("found", "found", _v.INT),
    _v.Field("result", "result", _v.EnumerationOf(Result)),
    _v.Field("faces", "faces", _v.ListOf(_v.RecordOf(IdentifiedFace))),
    _v.Field("threshold", "threshold", _v.Maybe(_v.FLOAT)),
    _v.Field("operating_point", "operating_point", _v.FLOAT),
    _v.Field("false_positive_identification", "false_positive_identification", _v.Maybe(_v.RecordOf(IdentificationRate))),
    _v.Field("model", "model", _v.STRING),
    _v.Field("generation", "generation", _v.INT),
)
_v.RECORDS[DetectReply] = (
    _v.Field("width", "width", _v.INT),
    _v.Field("height", "height", _v.INT),
    _v.Field("found", "found", _v.INT),
    _v.Field("refusal", "refusal", _v.Maybe(_v.STRING)),
    _v.Field("faces", "faces", _v.ListOf(_v.RecordOf(Face))),
    _v.Field("model", "model", _v.STRING),
)
_v.RECORDS[CompareReply] = (
    _v.Field("result", "result", _v.EnumerationOf(Result)),
    _v.Field("distance", "distance", _v.Maybe(_v.FLOAT)),
    _v.Field("score", "score", _v.Maybe(_v.FLOAT)),
    _v.Field("threshold", "threshold", _v.Maybe(_v.FLOAT)),
    _v.Field("operating_point", "operating_point", _v.FLOAT),
    _v.Field("skilled_false_match_rate", "skilled_false_match_rate", _v.Maybe(_v.FLOAT)),
    _v.Field("first", "first", _v.RecordOf(MeasuredPicture)),
    _v.Field("second", "second", _v.RecordOf(MeasuredPicture)),
    _v.Field("message", "message", _v.STRING),
    _v.Field("model", "model", _v.STRING),
)
_v.RECORDS[ListReply] = (
    _v.Field("identities", "identities", _v.ListOf(_v.RecordOf(Identity))),
)
_v.RECORDS[DescribeReply] = (
    _v.Field("identity", "identity", _v.RecordOf(Identity)),
    _v.Field("samples", "samples", _v.ListOf(_v.RecordOf(Sample))),
    _v.Field("model", "model", _v.STRING),
)
_v.RECORDS[MoveSampleReply] = (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("sample", "sample", _v.INT),
    _v.Field("samples", "samples", _v.INT),
    _v.Field("remaining", "remaining", _v.INT),
    _v.Field("created", "created", _v.BOOL),
    _v.Field("warnings", "warnings", _v.ListOf(_v.RecordOf(Warning_))),
)
_v.RECORDS[RemoveReply] = (
    _v.Field("removed", "removed", _v.INT),
    _v.Field("remaining", "remaining", _v.INT),
)
_e.register(NoSuchIdentity, (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("message", "message", _v.STRING),
))
_e.register(NoSuchSample, (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("sample", "sample", _v.INT),
    _v.Field("message", "message", _v.STRING),
))
_e.register(NoUsableSample, (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("message", "message", _v.STRING),
))
_e.register(TooManySamples, (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("limit", "limit", _v.INT),
    _v.Field("message", "message", _v.STRING),
))
_e.register(LastSample, (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("sample", "sample", _v.INT),
    _v.Field("message", "message", _v.STRING),
))
_e.register(InvalidName, (
    _v.Field("message", "message", _v.STRING),
))
_e.register(ReservedName, (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("message", "message", _v.STRING),
))
_e.register(NotAuthorized, (
    _v.Field("cause", "cause", _v.STRING),
    _v.Field("message", "message", _v.STRING),
))
_e.register(ImageRejected, (
    _v.Field("cause", "cause", _v.STRING),
    _v.Field("message", "message", _v.STRING),
))
_e.register(NoFace, (
    _v.Field("message", "message", _v.STRING),
))
_e.register(SeveralFaces, (
    _v.Field("count", "count", _v.INT),
    _v.Field("message", "message", _v.STRING),
))
_e.register(LowQuality, (
    _v.Field("unacceptable", "unacceptable", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("message", "message", _v.STRING),
))
_e.register(ModalityMismatch, (
    _v.Field("identity", "identity", _v.Maybe(_v.STRING)),
    _v.Field("message", "message", _v.STRING),
))
_e.register(NoSuchOperatingPoint, (
    _v.Field("available", "available", _v.ListOf(_v.FLOAT)),
    _v.Field("message", "message", _v.STRING),
))
_e.register(NoSuchIdentificationRate, (
    _v.Field("references", "references", _v.INT),
    _v.Field("available", "available", _v.ListOf(_v.FLOAT)),
    _v.Field("message", "message", _v.STRING),
))
_e.register(Busy, (
    _v.Field("message", "message", _v.STRING),
))
_e.register(TooManyAttempts, (
    _v.Field("retry_after", "retry_after", _v.INT),
    _v.Field("locked", "locked", _v.BOOL),
    _v.Field("message", "message", _v.STRING),
))
_e.register(Internal, (
    _v.Field("message", "message", _v.STRING),
))
_ENROLL = _v.Method(
    "io.likeness.Verification.Enroll",
    (
        _v.Field("identity", "identity", _v.STRING),
        _v.Field("image", "image", _v.FILE),
        _v.Field("modality", "modality", _v.Maybe(_v.STRING)),
        _v.Field("largest", "largest", _v.Maybe(_v.BOOL)),
    ),
    EnrollReply,
)
_ENROLL_SAMPLES = _v.Method(
    "io.likeness.Verification.EnrollSamples",
    (
        _v.Field("identity", "identity", _v.STRING),
        _v.Field("images", "images", _v.ListOf(_v.FILE)),
        _v.Field("modality", "modality", _v.Maybe(_v.STRING)),
        _v.Field("largest", "largest", _v.Maybe(_v.BOOL)),
    ),
    EnrollSamplesReply,
)
_CHECK_SAMPLE = _v.Method(
    "io.likeness.Verification.CheckSample",
    (
        _v.Field("identity", "identity", _v.STRING),
        _v.Field("image", "image", _v.FILE),
        _v.Field("modality", "modality", _v.Maybe(_v.STRING)),
        _v.Field("largest", "largest", _v.Maybe(_v.BOOL)),
    ),
    CheckSampleReply,
)
_VERIFY = _v.Method(
    "io.likeness.Verification.Verify",
    (
        _v.Field("identity", "identity", _v.STRING),
        _v.Field("image", "image", _v.FILE),
        _v.Field("operating_point", "operating_point", _v.Maybe(_v.FLOAT)),
        _v.Field("largest", "largest", _v.Maybe(_v.BOOL)),
        _v.Field("user", "user", _v.Maybe(_v.INT)),
    ),
    VerifyReply,
)
_VERIFY_FRAMES = _v.Method(
    "io.likeness.Verification.VerifyFrames",
    (
        _v.Field("identity", "identity", _v.STRING),
        _v.Field("images", "images", _v.ListOf(_v.FILE)),
        _v.Field("operating_point", "operating_point", _v.Maybe(_v.FLOAT)),
        _v.Field("largest", "largest", _v.Maybe(_v.BOOL)),
        _v.Field("user", "user", _v.Maybe(_v.INT)),
    ),
    VerifyFramesReply,
)
_IDENTIFY = _v.Method(
    "io.likeness.Verification.Identify",
    (
        _v.Field("image", "image", _v.FILE),
        _v.Field("modality", "modality", _v.Maybe(_v.STRING)),
        _v.Field("operating_point", "operating_point", _v.Maybe(_v.FLOAT)),
        _v.Field("false_positive_identification_rate", "false_positive_identification_rate", _v.Maybe(_v.FLOAT)),
        _v.Field("limit", "limit", _v.Maybe(_v.INT)),
        _v.Field("largest", "largest", _v.Maybe(_v.BOOL)),
        _v.Field("user", "user", _v.Maybe(_v.INT)),
    ),
    IdentifyReply,
)
_IDENTIFY_ALL = _v.Method(
    "io.likeness.Verification.IdentifyAll",
    (
        _v.Field("image", "image", _v.FILE),
        _v.Field("operating_point", "operating_point", _v.Maybe(_v.FLOAT)),
        _v.Field("false_positive_identification_rate", "false_positive_identification_rate", _v.Maybe(_v.FLOAT)),
        _v.Field("user", "user", _v.Maybe(_v.INT)),
    ),
    IdentifyAllReply,
)
_DETECT = _v.Method(
    "io.likeness.Verification.Detect",
    (
        _v.Field("image", "image", _v.FILE),
        _v.Field("user", "user", _v.Maybe(_v.INT)),
    ),
    DetectReply,
)
_COMPARE = _v.Method(
    "io.likeness.Verification.Compare",
    (
        _v.Field("first", "first", _v.FILE),
        _v.Field("second", "second", _v.FILE),
        _v.Field("modality", "modality", _v.Maybe(_v.STRING)),
        _v.Field("operating_point", "operating_point", _v.Maybe(_v.FLOAT)),
        _v.Field("largest", "largest", _v.Maybe(_v.BOOL)),
        _v.Field("user", "user", _v.Maybe(_v.INT)),
    ),
    CompareReply,
)
_LIST = _v.Method(
    "io.likeness.Verification.List",
    (),
    ListReply,
)
_DESCRIBE = _v.Method(
    "io.likeness.Verification.Describe",
    (
        _v.Field("identity", "identity", _v.STRING),
    ),
    DescribeReply,
)
_MOVE_SAMPLE = _v.Method(
    "io.likeness.Verification.MoveSample",
    (
        _v.Field("identity", "identity", _v.STRING),
        _v.Field("sample", "sample", _v.INT),
        _v.Field("to", "to", _v.STRING),
        _v.Field("create", "create", _v.Maybe(_v.BOOL)),
        _v.Field("last", "last", _v.Maybe(_v.BOOL)),
    ),
    MoveSampleReply,
)
_REMOVE = _v.Method(
    "io.likeness.Verification.Remove",
    (
        _v.Field("identity", "identity", _v.STRING),
        _v.Field("sample", "sample", _v.Maybe(_v.INT)),
    ),
    RemoveReply,
)


class VerificationMethods(_v.Caller):
    """The methods of io.likeness.Verification."""

    def enroll(
        self,
        *,
        identity: str,
        image: _v.File,
        modality: _t.Optional[str] = None,
        largest: _t.Optional[bool] = None,
    ) -> EnrollReply:
        """Adds one sample to an identity, which is made if it is new. An identity has one to five samples, all of
        one modality.
        Role: enrol_self.
        Another identity than one's own needs the role enrol.
        largest: default false.
        sample is the number of the sample, samples how many the identity has now. A caller with neither the role enrol nor the grant score is
        warned of its own samples alone.
        Errors: InvalidName, ReservedName, NotAuthorized, ModalityMismatch, TooManySamples, ImageRejected, NoFace, SeveralFaces, LowQuality,
        TooManyAttempts, Busy.
        """
        return self._call(_ENROLL, {
            "identity": identity,
            "image": image,
            "modality": modality,
            "largest": largest,
        })

    def enroll_samples(
        self,
        *,
        identity: str,
        images: _t.Sequence[_v.File],
        modality: _t.Optional[str] = None,
        largest: _t.Optional[bool] = None,
    ) -> EnrollSamplesReply:
        """Adds several samples to an identity, which is made if it is new, in one step: all of them, or none.
        Role: enrol_self.
        Another identity than one's own needs the role enrol.
        images holds 1 to 5 image files in base64. All of them together may be as large as one file. enrolled tells of each in their order;
        samples is how many the identity has now. A picture is compared with those before it, too, as with samples of the identity.
        Where one is refused, the error is that of the first; its message says which that is, but for LowQuality.
        Each picture is charged as in Enroll, before one of them is looked at: a caller of whom fewer comparisons may still fail sends fewer.
        Errors: those of Enroll.
        """
        return self._call(_ENROLL_SAMPLES, {
            "identity": identity,
            "images": images,
            "modality": modality,
            "largest": largest,
        })

    def check_sample(
        self,
        *,
        identity: str,
        image: _v.File,
        modality: _t.Optional[str] = None,
        largest: _t.Optional[bool] = None,
    ) -> CheckSampleReply:
        """Tells whether Enroll would take an image, and enrols nothing. Nobody is compared with anybody.
        Role: enrol_self.
        Another identity than one's own needs the role enrol.
        An answer says that it would; an error is what Enroll would answer. modality is what the image was read as.
        Errors: InvalidName, ReservedName, NotAuthorized, ModalityMismatch, TooManySamples, ImageRejected, NoFace, SeveralFaces, LowQuality,
        TooManyAttempts, Busy.
        """
        return self._call(_CHECK_SAMPLE, {
            "identity": identity,
            "image": image,
            "modality": modality,
            "largest": largest,
        })

    def verify(
        self,
        *,
        identity: str,
        image: _v.File,
        operating_point: _t.Optional[float] = None,
        largest: _t.Optional[bool] = None,
        user: _t.Optional[int] = None,
    ) -> VerifyReply:
        """Compares a probe with one identity.
        Role: verify_self.
        Another identity than one's own, as verify_self has it, needs the role verify.
        The result is inconclusive when the probe's quality does not support a decision, whatever the distance;
        unacceptable then names the measurements that are out of their limits, and is empty otherwise. A picture
        that shows nothing to compare has the largest distance there is. Treat
        inconclusive as no match and ask for another picture.
        largest: default false. message: the decision in words.
        operating_point: needs the grant score. user: the number of the user for whom the caller asks, which needs the grant relay.
        Errors: InvalidName, NoSuchIdentity, NoUsableSample, ModalityMismatch, NoSuchOperatingPoint, ImageRejected,
        NoFace, SeveralFaces, TooManyAttempts, Busy.
        """
        return self._call(_VERIFY, {
            "identity": identity,
            "image": image,
            "operating_point": operating_point,
            "largest": largest,
            "user": user,
        })

    def verify_frames(
        self,
        *,
        identity: str,
        images: _t.Sequence[_v.File],
        operating_point: _t.Optional[float] = None,
        largest: _t.Optional[bool] = None,
        user: _t.Optional[int] = None,
    ) -> VerifyFramesReply:
        """Compares the frames of one attempt, such as pictures that a camera took one after the other, with one identity, and decides once.
        Role: verify_self.
        Another identity than one's own needs the role verify.
        images holds 1 to 5 image files in base64, in the order in which they were taken. All of them together may be as large as one file.
        The first frame that supports a decision decides, as in Verify. Those before it, which show nobody or several people or are not good
        enough, are passed over; those behind it are not looked at. So which frame decides depends on no comparison, and a stranger passes as
        often as with a single picture, however many frames there are and whatever they show: attempt_false_match_rate is that of the
        operating_point. The attempt is one failed comparison, or none; each frame that is looked at counts towards the rate.
        frame: the number of the frame that the reply is about, from 1: the one that decided. The result is inconclusive where none supports a
        decision; frame is then the first on which something was measured. Where every frame shows nobody or several people the error is that
        of the first.
        identity, operating_point, largest and user as for Verify.
        Errors: InvalidName, NoSuchIdentity, NoUsableSample, ModalityMismatch, NoSuchOperatingPoint, ImageRejected,
        NoFace, SeveralFaces, TooManyAttempts, Busy.
        """
        return self._call(_VERIFY_FRAMES, {
            "identity": identity,
            "images": images,
            "operating_point": operating_point,
            "largest": largest,
            "user": user,
        })

    def identify(
        self,
        *,
        image: _v.File,
        modality: _t.Optional[str] = None,
        operating_point: _t.Optional[float] = None,
        false_positive_identification_rate: _t.Optional[float] = None,
        limit: _t.Optional[int] = None,
        largest: _t.Optional[bool] = None,
        user: _t.Optional[int] = None,
    ) -> IdentifyReply:
        """Finds the identities of one modality that are nearest to a probe.
        Role: verify.
        candidates holds the nearest, nearest first, at most limit of them, whatever the result: it is no list
        of matches, and is empty when nobody is enrolled, or when the picture, such as blank paper, shows nothing
        that could be compared. The result is match only when the first candidate is
        within the threshold, and otherwise no_match: the person is unknown. It is inconclusive as in Verify.
        The operating point is that of one comparison: with many enrolled, a stranger is taken for somebody
        more often than its rate says; false_positive_identification says how often.
        limit: 1 to 100, default 5; another is answered with org.varlink.service.InvalidParameter.
        Without the grant score, candidates holds the one who matches, or nobody.
        largest: default false. message: the decision in words.
        operating_point and user: as for Verify.
        false_positive_identification_rate: needs the grant score, and comes in place of an operating_point. An earlier daemon passes over it, and
        sends no false_positive_identification.
        Errors: ModalityMismatch, NoSuchOperatingPoint, NoSuchIdentificationRate, ImageRejected, NoFace, SeveralFaces, TooManyAttempts,
        Busy.
        """
        return self._call(_IDENTIFY, {
            "image": image,
            "modality": modality,
            "operating_point": operating_point,
            "false_positive_identification_rate": false_positive_identification_rate,
            "limit": limit,
            "largest": largest,
            "user": user,
        })

    def identify_all(
        self,
        *,
        image: _v.File,
        operating_point: _t.Optional[float] = None,
        false_positive_identification_rate: _t.Optional[float] = None,
        user: _t.Optional[int] = None,
    ) -> IdentifyAllReply:
        """Finds for each face of a picture the identity that is nearest to it.
        Role: verify.
        found is how many faces the picture shows; faces holds the largest 32 of them at most, by falling size, and the others are not
        compared. result is match where one of faces matches, else inconclusive where one of them is, else no_match. Two faces may match one
        identity. Each face is a probe: false_positive_identification is that of one of them.
        For a caller whose failed comparisons are counted, each face counts as one until it matches or supports no decision. Once no further
        comparison is allowed, the faces that are left are inconclusive, and their message says so.
        The parameters are as for Identify.
        Errors: ModalityMismatch, NoSuchOperatingPoint, NoSuchIdentificationRate, ImageRejected, NoFace, TooManyAttempts, Busy.
        """
        return self._call(_IDENTIFY_ALL, {
            "image": image,
            "operating_point": operating_point,
            "false_positive_identification_rate": false_positive_identification_rate,
            "user": user,
        })

    def detect(
        self,
        *,
        image: _v.File,
        user: _t.Optional[int] = None,
    ) -> DetectReply:
        """Finds the faces of a picture, and says what is wrong with them. Nobody is compared with anybody.
        Role: compare.
        width and height are the picture's, upright. found is how many faces it shows; faces holds the largest 32 of them at most, by falling
        size. refusal says why Verify, Identify and Enroll would refuse the picture, which shows nobody or several people; faces smaller than a
        third of the largest are bystanders and count for nothing there. Which faces are no good for a decision, each says for itself. A picture
        without a face is no error.
        Without the grant score, measurements holds those that miss a limit, rounded. user: as for Verify.
        Errors: ModalityMismatch, ImageRejected, TooManyAttempts, Busy.
        """
        return self._call(_DETECT, {"image": image, "user": user})

    def compare(
        self,
        *,
        first: _v.File,
        second: _v.File,
        modality: _t.Optional[str] = None,
        operating_point: _t.Optional[float] = None,
        largest: _t.Optional[bool] = None,
        user: _t.Optional[int] = None,
    ) -> CompareReply:
        """Compares two pictures with one another; the gallery is not asked.
        Role: compare.
        The result is inconclusive when the quality of either picture does not support a decision. The distance is that between the embeddings of
        both. Both pictures together have to fit into one call. Which of them an error is about, its message says.
        modality, largest, operating_point and user as for Verify; a modality that is not named is the first that has a model.
        Errors: ModalityMismatch, NoSuchOperatingPoint, ImageRejected, NoFace, SeveralFaces, TooManyAttempts, Busy.
        """
        return self._call(_COMPARE, {
            "first": first,
            "second": second,
            "modality": modality,
            "operating_point": operating_point,
            "largest": largest,
            "user": user,
        })

    def list(
        self,
    ) -> ListReply:
        """Lists the identities of every modality in the order of their names, by code point.
        Role: enrol.
        Called with more, it answers in pages of up to 256 identities, each a reply that says continues but
        the last, which may be empty. Called without, it answers with all of them in one reply. Who is
        enrolled or removed meanwhile may be in the list or not; everybody else is in it once.
        Errors: none but Internal.
        Called without more; see list_more.
        """
        return self._call(_LIST, {})

    def list_more(
        self,
    ) -> _v.Replies[ListReply]:
        """Lists the identities of every modality in the order of their names, by code point.
        Role: enrol.
        Called with more, it answers in pages of up to 256 identities, each a reply that says continues but
        the last, which may be empty. Called without, it answers with all of them in one reply. Who is
        enrolled or removed meanwhile may be in the list or not; everybody else is in it once.
        Errors: none but Internal.
        Called with more.
        """
        return self._stream(_LIST, {})

    def describe(
        self,
        *,
        identity: str,
    ) -> DescribeReply:
        """Tells what is enrolled for one identity, its samples by number. model is the one that the samples were
        embedded with.
        Role: enrol_self.
        Another identity than one's own needs the role enrol.
        Errors: InvalidName, NoSuchIdentity.
        """
        return self._call(_DESCRIBE, {"identity": identity})

    def move_sample(
        self,
        *,
        identity: str,
        sample: int,
        to: str,
        create: _t.Optional[bool] = None,
        last: _t.Optional[bool] = None,
    ) -> MoveSampleReply:
        """Makes one sample of an identity one of another, of the same modality, as after an enrolment under a wrong name: with its image, its time
        and what every model made of it.
        Role: enrol.
        create makes the identity that it goes to, where nobody is enrolled under the name; otherwise that is NoSuchIdentity. last lets the only
        sample of an identity go, and the identity with it. Both are false by default.
        identity and sample of the reply are those that it is now: it gets the next number there. samples is how many that identity has,
        remaining how many the other has left. created says whether the identity is new. warnings are those of an enrolment, and the call is
        charged as one.
        One's own name as to is answered with org.varlink.service.InvalidParameter.
        Errors: InvalidName, ReservedName, NoSuchIdentity, NoSuchSample, LastSample, ModalityMismatch, TooManySamples, TooManyAttempts, Busy.
        """
        return self._call(_MOVE_SAMPLE, {
            "identity": identity,
            "sample": sample,
            "to": to,
            "create": create,
            "last": last,
        })

    def remove(
        self,
        *,
        identity: str,
        sample: _t.Optional[int] = None,
    ) -> RemoveReply:
        """Removes one sample or, without sample, the identity with all its samples. The last sample takes the
        identity with it. removed and remaining count samples.
        Role: enrol_self.
        Another identity than one's own needs the role enrol.
        Errors: InvalidName, ReservedName, NotAuthorized, NoSuchIdentity, NoSuchSample, Busy.
        """
        return self._call(_REMOVE, {"identity": identity, "sample": sample})
