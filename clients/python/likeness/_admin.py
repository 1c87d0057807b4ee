# SPDX-License-Identifier: Apache-2.0
# Made by clients/python/generate from io.likeness.Admin.varlink; not to be edited.
"""Administration of a Likeness daemon.

Roles, connections and the words that are not explained here are those of io.likeness.Verification, and so are
the errors InvalidName, ModalityMismatch, TooManySamples, ImageRejected and Busy.
Any method may return Internal, and one that reads the gallery GalleryDamaged; a caller without the role gets
org.varlink.service.PermissionDenied.

GENERATIONS
A generation is one embedding of every sample of a modality, all by one model. Probes are compared with the
active one; there is at most one of a modality. A building one is being made by a rotation, and a retired one is
kept to go back to, until it is pruned.

ROTATION
A rotation makes the samples of a modality comparable by another model: each is prepared and embedded again
from the image that the gallery keeps of it, in the background, below requests in priority. Until the end
everything is answered from the active generation. Enrolments and removals meanwhile take effect in both. Before
the activation the gallery itself is measured by both models; a model that tells its people apart worse than the
limit allows is refused. The activation is one transaction, and requests that are being answered finish on the
generation that they began with. A daemon that was ended during a rotation goes on with it when it starts again.
One rotation is made at a time.

LONG WORK
Where a method streams, it does so when it is called with more; closing the connection then ends the stream. A
rotation or a rekeying that was begun goes on without its caller; whatever else streams ends with it.
"""

from __future__ import annotations

import builtins as _b
import dataclasses as _d
import typing as _t

from . import _errors as _e
from . import _values as _v
from ._verification import Internal as _Internal, Measurement, Modality

__all__ = [
    "GenerationState",
    "RotationPhase",
    "DamageKind",
    "ExportedSampleKind",
    "StatusState",
    "ImportIdentityResult",
    "OperatingPoint",
    "Model",
    "ModelIdentity",
    "Generation",
    "Refusal",
    "Separation",
    "Disagreement",
    "RotationReport",
    "Rotation",
    "AuditEntry",
    "Damage",
    "ExportedEmbedding",
    "ExportedSample",
    "ExportedIdentity",
    "LockOut",
    "Attempts",
    "UnlockReply",
    "StatusReply",
    "MetricsReply",
    "ListModelsReply",
    "ListGenerationsReply",
    "RotateModelReply",
    "RotationStatusReply",
    "CancelRotationReply",
    "RollbackReply",
    "PruneGenerationsReply",
    "AuditReply",
    "VerifyAuditReply",
    "CheckGalleryReply",
    "RepairGalleryReply",
    "BackupReply",
    "ExportGalleryReply",
    "ImportIdentityReply",
    "RekeyReply",
    "NoSuchModel",
    "RotationImpossible",
    "RotationRunning",
    "NoRotation",
    "RotationRefused",
    "NothingToRollBack",
    "IdentityExists",
    "NoUsableEmbedding",
    "GalleryDamaged",
    "NotSupported",
    "AdminMethods",
]


class GenerationState(_v.Enumeration):
    building = "building"
    active = "active"
    retired = "retired"


class RotationPhase(_v.Enumeration):
    embedding = "embedding"
    measuring = "measuring"
    activated = "activated"
    measured = "measured"
    refused = "refused"
    failed = "failed"
    cancelled = "cancelled"


class DamageKind(_v.Enumeration):
    sample = "sample"
    embedding = "embedding"
    identity = "identity"
    audit = "audit"
    structure = "structure"


class ExportedSampleKind(_v.Enumeration):
    crop = "crop"
    chip = "chip"


class StatusState(_v.Enumeration):
    running = "running"
    stopping = "stopping"


class ImportIdentityResult(_v.Enumeration):
    imported = "imported"
    replaced = "replaced"
    skipped = "skipped"


@_d.dataclass(frozen=True)
class OperatingPoint:
    """A threshold of a model, as measured on its calibration set."""

    false_match_rate: float
    """The false-match rate that the threshold was chosen for or, where it was chosen for the share of skilled forgeries, that was
    measured there, between 0 and 1
    """
    upper_bound: float
    """Upper end of the one-sided 95 % confidence interval of the false-match rate at this threshold, in 0..1,
    by Clopper and Pearson. Far above false_match_rate, the set was too small to know better.
    """
    threshold: _t.Optional[float] = None
    """The score from which on a probe matches, in 0..1; absent for a caller without the grant score"""
    skilled_false_match_rate: _t.Optional[float] = None
    """The share of skilled forgeries that match at this threshold, in 0..1, with references of as many samples
    as lets most of them pass; absent where none were measured
    """


@_d.dataclass(frozen=True)
class Model:
    """Model of io.likeness.Admin."""

    digest: str
    """SHA-256 of the model package, 64 lower-case hexadecimal digits"""
    name: str
    version: str
    modality: str
    """face, signature or glyph"""
    embedding_size: int
    """Numbers of one embedding"""
    calibration_set: str
    """What the thresholds were measured on, in words"""
    operating_points: _t.List[OperatingPoint]
    """Never empty, by falling false-match rate"""
    operating_point: _t.Optional[float] = None
    """The false-match rate of the one that decides when a caller names none"""


@_d.dataclass(frozen=True)
class ModelIdentity:
    """What is left of a model once it is no longer loaded."""

    digest: str
    """SHA-256 of the model package, 64 lower-case hexadecimal digits"""
    name: str
    version: str
    modality: Modality
    embedding_size: int
    """Numbers of one embedding"""


@_d.dataclass(frozen=True)
class Generation:
    """Generation of io.likeness.Admin."""

    id: int
    """From 1; never given again. Verify and Identify tell it"""
    model: ModelIdentity
    state: GenerationState
    created: int
    """When its first embedding could be made"""
    samples: int
    """How many samples have an embedding in it"""
    refused: int
    """How many samples its model made nothing of"""


@_d.dataclass(frozen=True)
class Refusal:
    """A sample that a model made nothing of."""

    identity: str
    sample: int
    reason: str
    """In words"""


@_d.dataclass(frozen=True)
class Separation:
    """How far the pairs of samples of one identity are from the pairs of two, by the distances of one model."""

    genuine_pairs: int
    """Pairs of samples of one identity, and of two, that were compared. Where a gallery has very many pairs, some
    of them are drawn
    """
    impostor_pairs: int
    equal_error_rate: _t.Optional[float] = None
    """The rate at which as many genuine pairs are rejected as impostor pairs accepted, in 0..1; absent where there
    are no pairs of either kind
    """
    lower: _t.Optional[float] = None
    """Its 95 % confidence interval, found by drawing identities with replacement; absent with it, and where too few
    identities have several samples
    """
    upper: _t.Optional[float] = None


@_d.dataclass(frozen=True)
class Disagreement:
    """An identity whose own samples would not all match one another by the model that is rotated to."""

    identity: str
    sample: _t.Optional[int] = None
    """The sample that is farthest from the others; absent where the identity has but two"""
    distance: _t.Optional[float] = None
    """That sample's distance to the others, by the rule that verification follows, or that between the two; absent for a caller
    without the grant score
    """
    threshold: _t.Optional[float] = None
    """The distance up to which they would match, at the configured operating point; absent likewise"""


@_d.dataclass(frozen=True)
class RotationReport:
    """What a rotation found before its activation."""

    samples: int
    """Of the modality"""
    embedded: int
    """How many the model embedded, and of how many it made nothing"""
    refused: int
    refusals: _t.List[Refusal]
    """The first hundred of these, by name and number. An identity of which no sample is left matches nothing after
    the activation; its samples stay in the gallery
    """
    before: Separation
    """The gallery by the active model, and by the one that is rotated to"""
    after: Separation
    disagreeing: int
    """How many identities have samples that disagree, and the first hundred of them by name"""
    disagreements: _t.List[Disagreement]
    max_drop: float
    """The largest rise that is allowed, in 0..1"""
    acceptable: bool
    """Whether the model may be activated, and each reason why not, in words"""
    objections: _t.List[str]
    equal_error_rate_rise: _t.Optional[float] = None
    """equal_error_rate after less that before; absent where either is"""


@_d.dataclass(frozen=True)
class Rotation:
    """Rotation of io.likeness.Admin."""

    modality: Modality
    to: ModelIdentity
    dry_run: bool
    """Whether it ends with the measurement, and leaves nothing behind"""
    phase: RotationPhase
    """embedding: samples are being embedded
    measuring: the gallery is being measured by both models
    activated: done; the model is the active one
    measured: done, a dry run
    refused: the report holds objections; the active generation is as it was
    failed: message says why; the active generation is as it was
    cancelled: by CancelRotation; the active generation is as it was
    """
    done: int
    """How many samples are done, of so many; both may grow and shrink with the gallery"""
    total: int
    message: str
    """What it does or how it ended, in words"""
    resumed: bool
    """Whether it was begun before the daemon's last start"""
    from_: _t.Optional[ModelIdentity] = None
    """The model of the active generation when the rotation began; absent where nothing was enrolled by any"""
    seconds_left: _t.Optional[float] = None
    """Until the samples are embedded; absent while nobody can tell"""
    report: _t.Optional[RotationReport] = None
    """Present from the end of measuring on"""


@_d.dataclass(frozen=True)
class AuditEntry:
    """An entry of the audit log, which is only ever appended to and bound together by keyed hashes. It holds no name: of
    an identity it keeps a keyed hash, so that nothing tells who was removed, and whoever knows the name can still ask.
    """

    number: int
    """Grows by one with each entry"""
    time: int
    action: str
    """enrol, remove_sample, move_sample, remove_identity, activate_model and so on; later versions may add some"""
    user: _t.Optional[int] = None
    """The user and the process at the other end of the socket, and the file that the process ran; absent where the
    daemon acted by itself, or did not learn it
    """
    process: _t.Optional[int] = None
    executable: _t.Optional[str] = None
    identity: _t.Optional[str] = None
    """The name; present only while the identity is enrolled"""
    identity_hash: _t.Optional[str] = None
    """64 lower-case hexadecimal digits, the same for the same name as long as the gallery lives; absent where the
    entry is about no identity
    """
    sample: _t.Optional[int] = None
    other_identity: _t.Optional[str] = None
    """Where a sample was moved to (move_sample): the name of that identity, present only while it is enrolled, its hash, and the number that
    the sample got there
    """
    other_hash: _t.Optional[str] = None
    other_sample: _t.Optional[int] = None
    model: _t.Optional[str] = None
    """Digest of the model that was active or was activated"""
    result: _t.Optional[str] = None
    """How it ended, in one word or a few"""


@_d.dataclass(frozen=True)
class Damage:
    """A part of the gallery that cannot be read, or is not what was written."""

    kind: DamageKind
    """sample: its image or what was measured on it
    embedding: the sample itself is whole
    identity: its name
    audit: an entry of the log
    structure: the database itself, or the relation of its rows
    """
    what: str
    """In words"""
    identity: _t.Optional[str] = None
    """Where they are known"""
    sample: _t.Optional[int] = None


@_d.dataclass(frozen=True)
class ExportedEmbedding:
    """ExportedEmbedding of io.likeness.Admin."""

    model: str
    """Digest of the model that made it"""
    values: bytes = _d.field(repr=False)
    """The numbers as 32-bit floating-point numbers of IEEE 754, little-endian, one after the other, in base64"""


@_d.dataclass(frozen=True)
class ExportedSample:
    """ExportedSample of io.likeness.Admin."""

    number: int
    enrolled: int
    width: int
    """Pixels of the image that is kept, or was embedded"""
    height: int
    original: str
    """SHA-256 of the file that was sent, 64 lower-case hexadecimal digits"""
    measurements: _t.List[Measurement]
    embeddings: _t.List[ExportedEmbedding]
    """That of the active generation first"""
    image: _t.Optional[bytes] = _d.field(default=None, repr=False)
    """What the gallery keeps of the picture that was sent, a PNG or JPEG file in base64; absent where it keeps none"""
    kind: _t.Optional[ExportedSampleKind] = None
    """crop: a part of that picture, with a margin, from which any model can prepare its own input
    chip: the input that a model's preparation made of it; the field is absent where image is
    """


@_d.dataclass(frozen=True)
class ExportedIdentity:
    """An identity with all that the gallery holds of it, in the clear."""

    name: str
    modality: Modality
    enrolled: int
    updated: int
    samples: _t.List[ExportedSample]
    """By number"""


@_d.dataclass(frozen=True)
class LockOut:
    """A caller who is locked out."""

    user: int
    """The number of the caller's user"""
    failures: int
    until: int
    identity: _t.Optional[str] = None
    """The identity with which no comparison is made, while it is enrolled, and the keyed hash of its name, as the audit log
    has it; without either the caller may compare with nobody
    """
    identity_hash: _t.Optional[str] = None


@_d.dataclass(frozen=True)
class Attempts:
    """How failed comparisons are limited."""

    per_identity: int
    """After so many with one identity, one after the other, and after so many with all, a caller is locked out"""
    per_caller: int
    lock_seconds: int
    """How long"""
    failing: int
    """Records of failures that are kept, and how many of them lock somebody out; the first hundred of these"""
    locked_out: int
    locked: _t.List[LockOut]


@_d.dataclass(frozen=True)
class UnlockReply:
    """What Unlock answers."""

    removed: int


@_d.dataclass(frozen=True)
class StatusReply:
    """What Status answers."""

    version: str
    """The daemon's"""
    state: StatusState
    """stopping: it takes no more of what compares or changes"""
    uptime_seconds: float
    """Seconds since the daemon had loaded its models, with fractions"""
    models: _t.List[Model]
    """Those loaded, face before signature before glyph"""
    identities: int
    """How many are enrolled, of every modality"""
    samples: int
    gallery: str
    """Path of the gallery's file, or where its database is"""
    encrypted: bool
    """Whether the gallery is encrypted at rest"""
    workers: int
    """Threads that decode, detect and embed"""
    queue_length: int
    """Requests that wait for a worker now"""
    queue_limit: int
    """How many may wait; one more gets Busy"""
    requests: int
    """Calls of io.likeness.Verification since the start, refused ones too"""
    refused_busy: int
    """How many of these got Busy"""
    resident_bytes: int
    """Resident memory of the daemon, in bytes; 0 where the kernel does not say"""
    face_cover: _t.Optional[str] = None
    """Name and version of the network that covered faces are measured by; absent where that is not done"""
    gallery_key: _t.Optional[str] = None
    """Short name of the key that it is encrypted with, which tells nothing about the key; absent without one"""
    rotation: _t.Optional[str] = None
    """The rotation that is under way, in words"""
    problem: _t.Optional[str] = None
    """What keeps the daemon from a part of its work, in words; absent where nothing does"""
    decoders_ended: _t.Optional[int] = None
    """How many decoders have ended over a picture since the start, by themselves or because they took too long; each cost its
    own request. Absent where the daemon decodes pictures itself
    """
    attempts: _t.Optional[Attempts] = None
    """How failed comparisons are limited; absent for a caller without the role admin"""


@_d.dataclass(frozen=True)
class MetricsReply:
    """What Metrics answers."""

    text: str
    """In the text format of Prometheus, version 0.0.4"""


@_d.dataclass(frozen=True)
class ListModelsReply:
    """What ListModels answers."""

    models: _t.List[Model]


@_d.dataclass(frozen=True)
class ListGenerationsReply:
    """What ListGenerations answers."""

    generations: _t.List[Generation]


@_d.dataclass(frozen=True)
class RotateModelReply:
    """What RotateModel answers."""

    rotation: Rotation


@_d.dataclass(frozen=True)
class RotationStatusReply:
    """What RotationStatus answers."""

    generations: _t.List[Generation]
    rotation: _t.Optional[Rotation] = None


@_d.dataclass(frozen=True)
class CancelRotationReply:
    """What CancelRotation answers."""

    rotation: Rotation


@_d.dataclass(frozen=True)
class RollbackReply:
    """What Rollback answers."""

    active: Generation
    previous: Generation


@_d.dataclass(frozen=True)
class PruneGenerationsReply:
    """What PruneGenerations answers."""

    generations: int
    embeddings: int


@_d.dataclass(frozen=True)
class AuditReply:
    """What Audit answers."""

    entries: _t.List[AuditEntry]


@_d.dataclass(frozen=True)
class VerifyAuditReply:
    """What VerifyAudit answers."""

    entries: int
    first: int
    last: int
    intact: bool
    problem: _t.Optional[str] = None


@_d.dataclass(frozen=True)
class CheckGalleryReply:
    """What CheckGallery answers."""

    done: int
    total: int
    damaged: int
    damage: _t.List[Damage]


@_d.dataclass(frozen=True)
class RepairGalleryReply:
    """What RepairGallery answers."""

    done: int
    total: int
    removed: int
    damage: _t.List[Damage]


@_d.dataclass(frozen=True)
class BackupReply:
    """What Backup answers."""

    chunk: bytes = _d.field(repr=False)
    offset: int
    total: int
    sha256: _t.Optional[str] = None


@_d.dataclass(frozen=True)
class ExportGalleryReply:
    """What ExportGallery answers."""

    done: int
    total: int
    damage: _t.List[Damage]
    identity: _t.Optional[ExportedIdentity] = None


@_d.dataclass(frozen=True)
class ImportIdentityReply:
    """What ImportIdentity answers."""

    result: ImportIdentityResult
    reembedded: int


@_d.dataclass(frozen=True)
class RekeyReply:
    """What Rekey answers."""

    done: int
    total: int
    key: str


class NoSuchModel(_e.VarlinkError):
    """No package in the daemon's folder of models is meant by this, or more than one, or it is none that this daemon can
    use; the message says which.
    """

    varlink_name = "io.likeness.Admin.NoSuchModel"
    message: str


class RotationImpossible(_e.VarlinkError):
    """The gallery cannot be rotated to this model, because it keeps no image of these identities' samples: they have to be
    enrolled again. The first hundred by name, of count. None where the reason is another, such as that the model is
    the active one already; the message says it.
    """

    varlink_name = "io.likeness.Admin.RotationImpossible"
    identities: _t.List[str]
    count: int
    message: str


class RotationRunning(_e.VarlinkError):
    """A rotation is under way; wait for its end or cancel it."""

    varlink_name = "io.likeness.Admin.RotationRunning"
    message: str


class NoRotation(_e.VarlinkError):
    """No rotation is under way."""

    varlink_name = "io.likeness.Admin.NoRotation"
    message: str


class RotationRefused(_e.VarlinkError):
    """The model was not activated: the report's objections say why. The active generation is as it was."""

    varlink_name = "io.likeness.Admin.RotationRefused"
    report: RotationReport
    message: str


class NothingToRollBack(_e.VarlinkError):
    """There is no retired generation to go back to."""

    varlink_name = "io.likeness.Admin.NothingToRollBack"
    message: str


class IdentityExists(_e.VarlinkError):
    """Somebody is enrolled under this name already."""

    varlink_name = "io.likeness.Admin.IdentityExists"
    identity: str
    message: str


class NoUsableEmbedding(_e.VarlinkError):
    """A sample has neither an embedding by the active model nor an image that it could be embedded from."""

    varlink_name = "io.likeness.Admin.NoUsableEmbedding"
    identity: str
    message: str


class GalleryDamaged(_e.VarlinkError):
    """What was asked for needs a part of the gallery that is damaged; CheckGallery tells which."""

    varlink_name = "io.likeness.Admin.GalleryDamaged"
    message: str


class NotSupported(_e.VarlinkError):
    """This gallery cannot do this; the message says what to do in its place."""

    varlink_name = "io.likeness.Admin.NotSupported"
    message: str


class Internal(_Internal):
    """The daemon itself failed, in its gallery for instance; its journal tells more."""

    varlink_name = "io.likeness.Admin.Internal"
    message: str


_v.RECORDS[OperatingPoint] = (
    _v.Field("false_match_rate", "false_match_rate", _v.FLOAT),
    _v.Field("threshold", "threshold", _v.Maybe(_v.FLOAT)),
    _v.Field("upper_bound", "upper_bound", _v.FLOAT),
    _v.Field("skilled_false_match_rate", "skilled_false_match_rate", _v.Maybe(_v.FLOAT)),
)
_v.RECORDS[Model] = (
    _v.Field("digest", "digest", _v.STRING),
    _v.Field("name", "name", _v.STRING),
    _v.Field("version", "version", _v.STRING),
    _v.Field("modality", "modality", _v.STRING),
    _v.Field("embedding_size", "embedding_size", _v.INT),
    _v.Field("calibration_set", "calibration_set", _v.STRING),
    _v.Field("operating_points", "operating_points", _v.ListOf(_v.RecordOf(OperatingPoint))),
    _v.Field("operating_point", "operating_point", _v.Maybe(_v.FLOAT)),
)
_v.RECORDS[ModelIdentity] = (
    _v.Field("digest", "digest", _v.STRING),
    _v.Field("name", "name", _v.STRING),
    _v.Field("version", "version", _v.STRING),
    _v.Field("modality", "modality", _v.EnumerationOf(Modality)),
    _v.Field("embedding_size", "embedding_size", _v.INT),
)
_v.RECORDS[Generation] = (
    _v.Field("id", "id", _v.INT),
    _v.Field("model", "model", _v.RecordOf(ModelIdentity)),
    _v.Field("state", "state", _v.EnumerationOf(GenerationState)),
    _v.Field("created", "created", _v.INT),
    _v.Field("samples", "samples", _v.INT),
    _v.Field("refused", "refused", _v.INT),
)
_v.RECORDS[Refusal] = (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("sample", "sample", _v.INT),
    _v.Field("reason", "reason", _v.STRING),
)
_v.RECORDS[Separation] = (
    _v.Field("genuine_pairs", "genuine_pairs", _v.INT),
    _v.Field("impostor_pairs", "impostor_pairs", _v.INT),
    _v.Field("equal_error_rate", "equal_error_rate", _v.Maybe(_v.FLOAT)),
    _v.Field("lower", "lower", _v.Maybe(_v.FLOAT)),
    _v.Field("upper", "upper", _v.Maybe(_v.FLOAT)),
)
_v.RECORDS[Disagreement] = (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("sample", "sample", _v.Maybe(_v.INT)),
    _v.Field("distance", "distance", _v.Maybe(_v.FLOAT)),
    _v.Field("threshold", "threshold", _v.Maybe(_v.FLOAT)),
)
_v.RECORDS[RotationReport] = (
    _v.Field("samples", "samples", _v.INT),
    _v.Field("embedded", "embedded", _v.INT),
    _v.Field("refused", "refused", _v.INT),
    _v.Field("refusals", "refusals", _v.ListOf(_v.RecordOf(Refusal))),
    _v.Field("before", "before", _v.RecordOf(Separation)),
    _v.Field("after", "after", _v.RecordOf(Separation)),
    _v.Field("disagreeing", "disagreeing", _v.INT),
    _v.Field("disagreements", "disagreements", _v.ListOf(_v.RecordOf(Disagreement))),
    _v.Field("equal_error_rate_rise", "equal_error_rate_rise", _v.Maybe(_v.FLOAT)),
    _v.Field("max_drop", "max_drop", _v.FLOAT),
    _v.Field("acceptable", "acceptable", _v.BOOL),
    _v.Field("objections", "objections", _v.ListOf(_v.STRING)),
)
_v.RECORDS[Rotation] = (
    _v.Field("modality", "modality", _v.EnumerationOf(Modality)),
    _v.Field("from_", "from", _v.Maybe(_v.RecordOf(ModelIdentity))),
    _v.Field("to", "to", _v.RecordOf(ModelIdentity)),
    _v.Field("dry_run", "dry_run", _v.BOOL),
    _v.Field("phase", "phase", _v.EnumerationOf(RotationPhase)),
    _v.Field("done", "done", _v.INT),
    _v.Field("total", "total", _v.INT),
    _v.Field("seconds_left", "seconds_left", _v.Maybe(_v.FLOAT)),
    _v.Field("message", "message", _v.STRING),
    _v.Field("report", "report", _v.Maybe(_v.RecordOf(RotationReport))),
    _v.Field("resumed", "resumed", _v.BOOL),
)
_v.RECORDS[AuditEntry] = (
    _v.Field("number", "number", _v.INT),
    _v.Field("time", "time", _v.INT),
    _v.Field("action", "action", _v.STRING),
    _v.Field("user", "user", _v.Maybe(_v.INT)),
    _v.Field("process", "process", _v.Maybe(_v.INT)),
    _v.Field("executable", "executable", _v.Maybe(_v.STRING)),
    _v.Field("identity", "identity", _v.Maybe(_v.STRING)),
    _v.Field("identity_hash", "identity_hash", _v.Maybe(_v.STRING)),
    _v.Field("sample", "sample", _v.Maybe(_v.INT)),
    _v.Field("other_identity", "other_identity", _v.Maybe(_v.STRING)),
    _v.Field("other_hash", "other_hash", _v.Maybe(_v.STRING)),
    _v.Field("other_sample", "other_sample", _v.Maybe(_v.INT)),
    _v.Field("model", "model", _v.Maybe(_v.STRING)),
    _v.Field("result", "result", _v.Maybe(_v.STRING)),
)
_v.RECORDS[Damage] = (
    _v.Field("kind", "kind", _v.EnumerationOf(DamageKind)),
    _v.Field("what", "what", _v.STRING),
    _v.Field("identity", "identity", _v.Maybe(_v.STRING)),
    _v.Field("sample", "sample", _v.Maybe(_v.INT)),
)
_v.RECORDS[ExportedEmbedding] = (
    _v.Field("model", "model", _v.STRING),
    _v.Field("values", "values", _v.BASE64),
)
_v.RECORDS[ExportedSample] = (
    _v.Field("number", "number", _v.INT),
    _v.Field("enrolled", "enrolled", _v.INT),
    _v.Field("image", "image", _v.Maybe(_v.BASE64)),
    _v.Field("kind", "kind", _v.Maybe(_v.EnumerationOf(ExportedSampleKind))),
    _v.Field("width", "width", _v.INT),
    _v.Field("height", "height", _v.INT),
    _v.Field("original", "original", _v.STRING),
    _v.Field("measurements", "measurements", _v.ListOf(_v.RecordOf(Measurement))),
    _v.Field("embeddings", "embeddings", _v.ListOf(_v.RecordOf(ExportedEmbedding))),
)
_v.RECORDS[ExportedIdentity] = (
    _v.Field("name", "name", _v.STRING),
    _v.Field("modality", "modality", _v.EnumerationOf(Modality)),
    _v.Field("enrolled", "enrolled", _v.INT),
    _v.Field("updated", "updated", _v.INT),
    _v.Field("samples", "samples", _v.ListOf(_v.RecordOf(ExportedSample))),
)
_v.RECORDS[LockOut] = (
    _v.Field("user", "user", _v.INT),
    _v.Field("identity", "identity", _v.Maybe(_v.STRING)),
    _v.Field("identity_hash", "identity_hash", _v.Maybe(_v.STRING)),
    _v.Field("failures", "failures", _v.INT),
    _v.Field("until", "until", _v.INT),
)
_v.RECORDS[Attempts] = (
    _v.Field("per_identity", "per_identity", _v.INT),
    _v.Field("per_caller", "per_caller", _v.INT),
    _v.Field("lock_seconds", "lock_seconds", _v.INT),
    _v.Field("failing", "failing", _v.INT),
    _v.Field("locked_out", "locked_out", _v.INT),
    _v.Field("locked", "locked", _v.ListOf(_v.RecordOf(LockOut))),
)
_v.RECORDS[UnlockReply] = (
    _v.Field("removed", "removed", _v.INT),
)
_v.RECORDS[StatusReply] = (
    _v.Field("version", "version", _v.STRING),
    _v.Field("state", "state", _v.EnumerationOf(StatusState)),
    _v.Field("uptime_seconds", "uptime_seconds", _v.FLOAT),
    _v.Field("models", "models", _v.ListOf(_v.RecordOf(Model))),
    _v.Field("face_cover", "face_cover", _v.Maybe(_v.STRING)),
    _v.Field("identities", "identities", _v.INT),
    _v.Field("samples", "samples", _v.INT),
    _v.Field("gallery", "gallery", _v.STRING),
    _v.Field("encrypted", "encrypted", _v.BOOL),
    _v.Field("gallery_key", "gallery_key", _v.Maybe(_v.STRING)),
    _v.Field("rotation", "rotation", _v.Maybe(_v.STRING)),
    _v.Field("problem", "problem", _v.Maybe(_v.STRING)),
    _v.Field("workers", "workers", _v.INT),
    _v.Field("queue_length", "queue_length", _v.INT),
    _v.Field("queue_limit", "queue_limit", _v.INT),
    _v.Field("requests", "requests", _v.INT),
    _v.Field("refused_busy", "refused_busy", _v.INT),
    _v.Field("resident_bytes", "resident_bytes", _v.INT),
    _v.Field("decoders_ended", "decoders_ended", _v.Maybe(_v.INT)),
    _v.Field("attempts", "attempts", _v.Maybe(_v.RecordOf(Attempts))),
)
_v.RECORDS[MetricsReply] = (
    _v.Field("text", "text", _v.STRING),
)
_v.RECORDS[ListModelsReply] = (
    _v.Field("models", "models", _v.ListOf(_v.RecordOf(Model))),
)
_v.RECORDS[ListGenerationsReply] = (
    _v.Field("generations", "generations", _v.ListOf(_v.RecordOf(Generation))),
)
_v.RECORDS[RotateModelReply] = (
    _v.Field("rotation", "rotation", _v.RecordOf(Rotation)),
)
_v.RECORDS[RotationStatusReply] = (
    _v.Field("rotation", "rotation", _v.Maybe(_v.RecordOf(Rotation))),
    _v.Field("generations", "generations", _v.ListOf(_v.RecordOf(Generation))),
)
_v.RECORDS[CancelRotationReply] = (
    _v.Field("rotation", "rotation", _v.RecordOf(Rotation)),
)
_v.RECORDS[RollbackReply] = (
    _v.Field("active", "active", _v.RecordOf(Generation)),
    _v.Field("previous", "previous", _v.RecordOf(Generation)),
)
_v.RECORDS[PruneGenerationsReply] = (
    _v.Field("generations", "generations", _v.INT),
    _v.Field("embeddings", "embeddings", _v.INT),
)
_v.RECORDS[AuditReply] = (
    _v.Field("entries", "entries", _v.ListOf(_v.RecordOf(AuditEntry))),
)
_v.RECORDS[VerifyAuditReply] = (
    _v.Field("entries", "entries", _v.INT),
    _v.Field("first", "first", _v.INT),
    _v.Field("last", "last", _v.INT),
    _v.Field("intact", "intact", _v.BOOL),
    _v.Field("problem", "problem", _v.Maybe(_v.STRING)),
)
_v.RECORDS[CheckGalleryReply] = (
    _v.Field("done", "done", _v.INT),
    _v.Field("total", "total", _v.INT),
    _v.Field("damaged", "damaged", _v.INT),
    _v.Field("damage", "damage", _v.ListOf(_v.RecordOf(Damage))),
)
_v.RECORDS[RepairGalleryReply] = (
    _v.Field("done", "done", _v.INT),
    _v.Field("total", "total", _v.INT),
    _v.Field("removed", "removed", _v.INT),
    _v.Field("damage", "damage", _v.ListOf(_v.RecordOf(Damage))),
)
_v.RECORDS[BackupReply] = (
    _v.Field("chunk", "chunk", _v.BASE64),
    _v.Field("offset", "offset", _v.INT),
    _v.Field("total", "total", _v.INT),
    _v.Field("sha256", "sha256", _v.Maybe(_v.STRING)),
)
_v.RECORDS[ExportGalleryReply] = (
    _v.Field("identity", "identity", _v.Maybe(_v.RecordOf(ExportedIdentity))),
    _v.Field("done", "done", _v.INT),
    _v.Field("total", "total", _v.INT),
    _v.Field("damage", "damage", _v.ListOf(_v.RecordOf(Damage))),
)
_v.RECORDS[ImportIdentityReply] = (
    _v.Field("result", "result", _v.EnumerationOf(ImportIdentityResult)),
    _v.Field("reembedded", "reembedded", _v.INT),
)
_v.RECORDS[RekeyReply] = (
    _v.Field("done", "done", _v.INT),
    _v.Field("total", "total", _v.INT),
    _v.Field("key", "key", _v.STRING),
)
_e.register(NoSuchModel, (
    _v.Field("message", "message", _v.STRING),
))
_e.register(RotationImpossible, (
    _v.Field("identities", "identities", _v.ListOf(_v.STRING)),
    _v.Field("count", "count", _v.INT),
    _v.Field("message", "message", _v.STRING),
))
_e.register(RotationRunning, (
    _v.Field("message", "message", _v.STRING),
))
_e.register(NoRotation, (
    _v.Field("message", "message", _v.STRING),
))
_e.register(RotationRefused, (
    _v.Field("report", "report", _v.RecordOf(RotationReport)),
    _v.Field("message", "message", _v.STRING),
))
_e.register(NothingToRollBack, (
    _v.Field("message", "message", _v.STRING),
))
_e.register(IdentityExists, (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("message", "message", _v.STRING),
))
_e.register(NoUsableEmbedding, (
    _v.Field("identity", "identity", _v.STRING),
    _v.Field("message", "message", _v.STRING),
))
_e.register(GalleryDamaged, (
    _v.Field("message", "message", _v.STRING),
))
_e.register(NotSupported, (
    _v.Field("message", "message", _v.STRING),
))
_e.register(Internal, (
    _v.Field("message", "message", _v.STRING),
))
_UNLOCK = _v.Method(
    "io.likeness.Admin.Unlock",
    (
        _v.Field("user", "user", _v.Maybe(_v.INT)),
        _v.Field("identity", "identity", _v.Maybe(_v.STRING)),
    ),
    UnlockReply,
)
_STATUS = _v.Method(
    "io.likeness.Admin.Status",
    (),
    StatusReply,
)
_METRICS = _v.Method(
    "io.likeness.Admin.Metrics",
    (),
    MetricsReply,
)
_LIST_MODELS = _v.Method(
    "io.likeness.Admin.ListModels",
    (),
    ListModelsReply,
)
_LIST_GENERATIONS = _v.Method(
    "io.likeness.Admin.ListGenerations",
    (),
    ListGenerationsReply,
)
_ROTATE_MODEL = _v.Method(
    "io.likeness.Admin.RotateModel",
    (
        _v.Field("model", "model", _v.STRING),
        _v.Field("dry_run", "dry_run", _v.Maybe(_v.BOOL)),
        _v.Field("max_drop", "max_drop", _v.Maybe(_v.FLOAT)),
    ),
    RotateModelReply,
)
_ROTATION_STATUS = _v.Method(
    "io.likeness.Admin.RotationStatus",
    (),
    RotationStatusReply,
)
_CANCEL_ROTATION = _v.Method(
    "io.likeness.Admin.CancelRotation",
    (),
    CancelRotationReply,
)
_ROLLBACK = _v.Method(
    "io.likeness.Admin.Rollback",
    (
        _v.Field("modality", "modality", _v.Maybe(_v.STRING)),
    ),
    RollbackReply,
)
_PRUNE_GENERATIONS = _v.Method(
    "io.likeness.Admin.PruneGenerations",
    (
        _v.Field("modality", "modality", _v.Maybe(_v.STRING)),
    ),
    PruneGenerationsReply,
)
_AUDIT = _v.Method(
    "io.likeness.Admin.Audit",
    (
        _v.Field("after", "after", _v.Maybe(_v.INT)),
        _v.Field("limit", "limit", _v.Maybe(_v.INT)),
        _v.Field("identity", "identity", _v.Maybe(_v.STRING)),
        _v.Field("newest_first", "newest_first", _v.Maybe(_v.BOOL)),
    ),
    AuditReply,
)
_VERIFY_AUDIT = _v.Method(
    "io.likeness.Admin.VerifyAudit",
    (),
    VerifyAuditReply,
)
_CHECK_GALLERY = _v.Method(
    "io.likeness.Admin.CheckGallery",
    (),
    CheckGalleryReply,
)
_REPAIR_GALLERY = _v.Method(
    "io.likeness.Admin.RepairGallery",
    (),
    RepairGalleryReply,
)
_BACKUP = _v.Method(
    "io.likeness.Admin.Backup",
    (),
    BackupReply,
)
_EXPORT_GALLERY = _v.Method(
    "io.likeness.Admin.ExportGallery",
    (),
    ExportGalleryReply,
)
_IMPORT_IDENTITY = _v.Method(
    "io.likeness.Admin.ImportIdentity",
    (
        _v.Field("identity", "identity", _v.RecordOf(ExportedIdentity)),
        _v.Field("replace", "replace", _v.Maybe(_v.BOOL)),
        _v.Field("skip_existing", "skip_existing", _v.Maybe(_v.BOOL)),
    ),
    ImportIdentityReply,
)
_REKEY = _v.Method(
    "io.likeness.Admin.Rekey",
    (),
    RekeyReply,
)


class AdminMethods(_v.Caller):
    """The methods of io.likeness.Admin."""

    def unlock(
        self,
        *,
        user: _t.Optional[int] = None,
        identity: _t.Optional[str] = None,
    ) -> UnlockReply:
        """Lifts lock-outs and forgets failed comparisons: those of a user, or of everybody, with an identity, or with all.
        removed counts records.
        Role: admin.
        Errors: InvalidName.
        """
        return self._call(_UNLOCK, {"user": user, "identity": identity})

    def status(
        self,
    ) -> StatusReply:
        """Tells how the daemon is.
        Role: verify.
        """
        return self._call(_STATUS, {})

    def metrics(
        self,
    ) -> MetricsReply:
        """What the daemon has counted since its start, and how it is now, for monitoring: calls by method and result, time by stage,
        pictures that were refused by cause, the queue, the gallery. It names nobody.
        Role: monitor.
        """
        return self._call(_METRICS, {})

    def list_models(
        self,
    ) -> ListModelsReply:
        """The models that the daemon has loaded, face before signature before glyph.
        Role: admin.
        """
        return self._call(_LIST_MODELS, {})

    def list_generations(
        self,
    ) -> ListGenerationsReply:
        """The generations of every modality, by id. Pruned ones are gone.
        Role: admin.
        """
        return self._call(_LIST_GENERATIONS, {})

    def rotate_model(
        self,
        *,
        model: str,
        dry_run: _t.Optional[bool] = None,
        max_drop: _t.Optional[float] = None,
    ) -> RotateModelReply:
        """Begins to rotate a modality to a model of the daemon's folder of models.
        Role: admin.
        model: the package's name, the name of its folder, or its digest or the beginning of it.
        dry_run: default false. With it the rotation ends with its report, and nothing is changed.
        max_drop: the largest rise of the gallery's own equal error rate that is allowed, 0 to 1, and the largest share of the
        samples that the model may refuse; default: the configuration's. Another is answered with org.varlink.service.InvalidParameter.
        Called with more, it streams the rotation as it goes, a few times a second at most, to its end: the last reply has
        the phase activated, measured, failed or cancelled. Called without, it answers as soon as the rotation has begun.
        Errors: NoSuchModel, RotationRunning, RotationImpossible; RotationRefused, in place of the last reply.
        Called without more; see rotate_model_more.
        """
        return self._call(_ROTATE_MODEL, {"model": model, "dry_run": dry_run, "max_drop": max_drop})

    def rotate_model_more(
        self,
        *,
        model: str,
        dry_run: _t.Optional[bool] = None,
        max_drop: _t.Optional[float] = None,
    ) -> _v.Replies[RotateModelReply]:
        """Begins to rotate a modality to a model of the daemon's folder of models.
        Role: admin.
        model: the package's name, the name of its folder, or its digest or the beginning of it.
        dry_run: default false. With it the rotation ends with its report, and nothing is changed.
        max_drop: the largest rise of the gallery's own equal error rate that is allowed, 0 to 1, and the largest share of the
        samples that the model may refuse; default: the configuration's. Another is answered with org.varlink.service.InvalidParameter.
        Called with more, it streams the rotation as it goes, a few times a second at most, to its end: the last reply has
        the phase activated, measured, failed or cancelled. Called without, it answers as soon as the rotation has begun.
        Errors: NoSuchModel, RotationRunning, RotationImpossible; RotationRefused, in place of the last reply.
        Called with more.
        """
        return self._stream(_ROTATE_MODEL, {"model": model, "dry_run": dry_run, "max_drop": max_drop})

    def rotation_status(
        self,
    ) -> RotationStatusReply:
        """The rotation that is under way, or else the last one since the daemon's start; and the generations, by id.
        Role: enrol.
        """
        return self._call(_ROTATION_STATUS, {})

    def cancel_rotation(
        self,
    ) -> CancelRotationReply:
        """Ends the rotation that is under way and drops what it has embedded. An activation that has begun is finished.
        Role: admin.
        Errors: NoRotation.
        """
        return self._call(_CANCEL_ROTATION, {})

    def rollback(
        self,
        *,
        modality: _t.Optional[str] = None,
    ) -> RollbackReply:
        """Makes the generation that was active before the active one again, and retires the active one. What was enrolled
        and removed since is in both.
        Role: admin.
        modality: default the one that has such a generation; where several have, it has to be said.
        Errors: NothingToRollBack, RotationRunning, NoSuchModel; RotationImpossible where a modality has to be said, or what was enrolled
        since without its image kept would be lost.
        """
        return self._call(_ROLLBACK, {"modality": modality})

    def prune_generations(
        self,
        *,
        modality: _t.Optional[str] = None,
    ) -> PruneGenerationsReply:
        """Removes the retired generations, of one modality or of all: there is no going back to them.
        Role: admin.
        Errors: RotationRunning.
        """
        return self._call(_PRUNE_GENERATIONS, {"modality": modality})

    def audit(
        self,
        *,
        after: _t.Optional[int] = None,
        limit: _t.Optional[int] = None,
        identity: _t.Optional[str] = None,
        newest_first: _t.Optional[bool] = None,
    ) -> AuditReply:
        """Tells what was done to the gallery, by whom and when.
        Role: admin.
        after: the entries that come after the one of this number, in the order that is asked for; default from the first.
        limit: how many at most, from 1; default 256, or with more all.
        identity: only what concerns this name, whether it is enrolled or not.
        newest_first: default false.
        Called with more, it answers in pages of up to 256 entries, each a reply that says continues but the last, which
        may be empty. Called without, it answers with at most 4096 entries.
        Errors: InvalidName.
        Called without more; see audit_more.
        """
        return self._call(_AUDIT, {
            "after": after,
            "limit": limit,
            "identity": identity,
            "newest_first": newest_first,
        })

    def audit_more(
        self,
        *,
        after: _t.Optional[int] = None,
        limit: _t.Optional[int] = None,
        identity: _t.Optional[str] = None,
        newest_first: _t.Optional[bool] = None,
    ) -> _v.Replies[AuditReply]:
        """Tells what was done to the gallery, by whom and when.
        Role: admin.
        after: the entries that come after the one of this number, in the order that is asked for; default from the first.
        limit: how many at most, from 1; default 256, or with more all.
        identity: only what concerns this name, whether it is enrolled or not.
        newest_first: default false.
        Called with more, it answers in pages of up to 256 entries, each a reply that says continues but the last, which
        may be empty. Called without, it answers with at most 4096 entries.
        Errors: InvalidName.
        Called with more.
        """
        return self._stream(_AUDIT, {
            "after": after,
            "limit": limit,
            "identity": identity,
            "newest_first": newest_first,
        })

    def verify_audit(
        self,
    ) -> VerifyAuditReply:
        """Follows the chain of the audit log from its first entry to its last: whether one was changed, removed from the
        middle or added by anything but a daemon with the gallery's key.
        Role: admin.
        first and last are numbers of entries, 0 where there are none; entries is how many there are. The first is above 1
        where older ones were dropped by age or number. problem names the first fault, in words.
        """
        return self._call(_VERIFY_AUDIT, {})

    def check_gallery(
        self,
    ) -> CheckGalleryReply:
        """Reads every row of the gallery and decrypts it.
        Role: admin.
        done of total rows are read. damaged counts what was found so far, and damage is that which no reply before told,
        at most 1000 of it. Streams; called without more it answers once, at the end.
        Called without more; see check_gallery_more.
        """
        return self._call(_CHECK_GALLERY, {})

    def check_gallery_more(
        self,
    ) -> _v.Replies[CheckGalleryReply]:
        """Reads every row of the gallery and decrypts it.
        Role: admin.
        done of total rows are read. damaged counts what was found so far, and damage is that which no reply before told,
        at most 1000 of it. Streams; called without more it answers once, at the end.
        Called with more.
        """
        return self._stream(_CHECK_GALLERY, {})

    def repair_gallery(
        self,
    ) -> RepairGalleryReply:
        """Removes what is damaged, and that alone: what is whole of an identity stays, and one of which no sample is left
        goes. An embedding whose sample is kept is made again.
        Role: admin.
        One answer, at the end: the fields are those of CheckGallery, and removed counts what was removed.
        Errors: RotationRunning, Busy.
        """
        return self._call(_REPAIR_GALLERY, {})

    def backup(
        self,
    ) -> _v.Replies[BackupReply]:
        """Sends a copy of the gallery's database as it is at one moment, still encrypted where the gallery is: it is of no
        use without the gallery's key, which is not in it.
        Role: admin.
        It has to be called with more. chunk holds at most 1 MiB in base64, from offset on, of total bytes. The last reply
        has sha256, of all of them, in 64 lower-case hexadecimal digits; its chunk may be empty.
        One is sent at a time: another call meanwhile is answered with Busy.
        Errors: NotSupported, Busy.
        """
        return self._stream(_BACKUP, {})

    def export_gallery(
        self,
    ) -> _v.Replies[ExportGalleryReply]:
        """Sends everything that is enrolled, in the clear, one identity a reply, in the order of their names.
        Role: admin.
        It has to be called with more. done of total identities are sent; the last reply says that all are, without an
        identity. damage is what could not be read of this one, or before it, and is left out.
        Errors: Busy.
        """
        return self._stream(_EXPORT_GALLERY, {})

    def import_identity(
        self,
        *,
        identity: ExportedIdentity,
        replace: _t.Optional[bool] = None,
        skip_existing: _t.Optional[bool] = None,
    ) -> ImportIdentityReply:
        """Enrols an identity as ExportGallery told it, with its times and the numbers of its samples, in one transaction.
        Role: admin.
        An embedding by the model of the active generation is taken as it is. A sample without one is embedded from its
        image; reembedded counts these.
        replace: put it in the place of an identity of this name. skip_existing: leave that as it is, and say skipped.
        Default of both: false; both at once are answered with org.varlink.service.InvalidParameter.
        Errors: IdentityExists, NoUsableEmbedding, InvalidName, ModalityMismatch, TooManySamples, ImageRejected, Busy.
        """
        return self._call(_IMPORT_IDENTITY, {"identity": identity, "replace": replace, "skip_existing": skip_existing})

    def rekey(
        self,
    ) -> RekeyReply:
        """Seals every row under the key that the configuration names now. While it is under way, and until it is done, the
        daemon needs the key before as well.
        Role: admin.
        done of total rows are sealed anew; with both equal it is over. key is the short name of the key, as in Status.
        Streams; called without more it answers once, at the end.
        Goes on beside a rotation.
        Errors: NotSupported, also where no key is configured, and while another call does the same.
        Called without more; see rekey_more.
        """
        return self._call(_REKEY, {})

    def rekey_more(
        self,
    ) -> _v.Replies[RekeyReply]:
        """Seals every row under the key that the configuration names now. While it is under way, and until it is done, the
        daemon needs the key before as well.
        Role: admin.
        done of total rows are sealed anew; with both equal it is over. key is the short name of the key, as in Status.
        Streams; called without more it answers once, at the end.
        Goes on beside a rotation.
        Errors: NotSupported, also where no key is configured, and while another call does the same.
        Called with more.
        """
        return self._stream(_REKEY, {})
