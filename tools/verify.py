#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An independent checker of a record of entente.

    verify.py FILE                     a bundle (a whole record), an excerpt (*.entente) or a fraud
                                       proof
    verify.py FILE --json              the same facts as one JSON object
    verify.py FILE --dump INDEX        one act in readable form
    verify.py FILE --dump INDEX --identity KEYFILE     ... and what its seal holds
    verify.py --self-test              checks of this program itself

It was written from docs/FORMAT.md alone and shares no line with the C program, so that a fault in
one of the two shows as a difference between them.  Sections below carry the numbers of FORMAT.
Python 3.11, its standard library, and libsodium (Ed25519, X25519, ChaCha20-Poly1305).

Exit: 0 verifies, 1 the file cannot be read, 2 misuse, 4 does not verify.

As a module: every format has `x_decode(bytes) -> value`, and where vectors need it
`x_encode(value) -> bytes`.  What does not verify raises Broken.
"""
import argparse
import base64
import bisect
import ctypes
import ctypes.util
import dataclasses
import datetime
import hashlib
import hmac
import json
import mmap
import os
import re
import sys

ZEROS16 = bytes(16)
ZEROS32 = bytes(32)


class Broken(Exception):
    """The record does not verify: what is wrong, and where: an act's index or a file's name."""

    def __init__(self, what, index=None, where=None, mend=None):
        super().__init__(what)
        self.what, self.index, self.where = what, index, where
        self.mend = mend or 'get the file again from another side; if it is the same, ' \
                            'trust nothing from this act on'

    def place(self):
        parts = []
        if self.index is not None:
            parts.append(f'act {self.index}')
        if self.where:
            parts.append(self.where)
        return ', '.join(parts) or 'the file as a whole'


class Unreadable(Exception):
    """The file cannot be read, or is no record at all."""

    def __init__(self, what, mend):
        super().__init__(what)
        self.what, self.mend = what, mend


def need(condition, what):
    if not condition:
        raise Broken(what)


# ---- Primitives: libsodium, and HKDF over the standard library ---------------------------------

def _load_sodium():
    for name in ('libsodium.so.23', 'libsodium.so.26', ctypes.util.find_library('sodium'),
                 'libsodium.dylib', 'libsodium.dll'):
        if name:
            try:
                lib = ctypes.CDLL(name)
            except OSError:
                continue
            if lib.sodium_init() >= 0:
                return lib
    raise SystemExit('verify: libsodium is not installed\n  where: this machine\n'
                     '  mend:  install it (Debian: apt install libsodium23)')


_sodium = _load_sodium()


def ed25519_verify(pk, message, signature):
    """What crypto_sign_verify_detached says; never a batch (FORMAT 5)."""
    return (len(pk) == 32 and len(signature) == 64 and _sodium.crypto_sign_verify_detached(
        signature, message, ctypes.c_ulonglong(len(message)), pk) == 0)


def x25519(secret, point):
    """The shared secret, or None where it is all zero (a point of low order)."""
    out = ctypes.create_string_buffer(32)
    if _sodium.crypto_scalarmult(out, secret, point) != 0 or out.raw == ZEROS32:
        return None
    return out.raw


def x25519_public(secret):
    out = ctypes.create_string_buffer(32)
    _sodium.crypto_scalarmult_base(out, secret)
    return out.raw


def chacha20poly1305_open(key, nonce, sealed):
    """The plaintext, or None."""
    if len(sealed) < 16:
        return None
    out = ctypes.create_string_buffer(max(len(sealed) - 16, 1))
    n = ctypes.c_ulonglong(0)
    if _sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
            out, ctypes.byref(n), None, sealed, ctypes.c_ulonglong(len(sealed)),
            None, ctypes.c_ulonglong(0), nonce, key) != 0:
        return None
    return out.raw[:n.value]


def sha256(*parts):
    h = hashlib.sha256()
    for part in parts:
        h.update(part)
    return h.digest()


def hmac_sha256(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf_sha256(ikm, salt, info, length=32):
    prk = hmac_sha256(salt or ZEROS32, ikm)
    out = block = b''
    counter = 1
    while len(out) < length:
        block = hmac_sha256(prk, block + info + bytes([counter]))
        out += block
        counter += 1
    return out[:length]


def i4(x):
    return x.to_bytes(4, 'big')


def i8(x):
    return x.to_bytes(8, 'big')


def base64_strict(text, length=None, padded=True):
    """Canonical standard base64, or None."""
    try:
        raw = base64.b64decode(text + (b'' if padded else b'=' * (-len(text) % 4)), validate=True)
    except ValueError:
        return None
    again = base64.b64encode(raw)
    if (again if padded else again.rstrip(b'=')) != text or length not in (None, len(raw)):
        return None
    return raw


def decimal_strict(text, most=2**64 - 1):
    """A decimal without leading zeros, or None."""
    if not re.fullmatch(rb'0|[1-9][0-9]{0,19}', text) or int(text) > most:
        return None
    return int(text)


# ---- FORMAT 1: CBOR ----------------------------------------------------------------------------

CBOR_DEPTH = 8


@dataclasses.dataclass(frozen=True)
class Tag18:
    """Tag 18 on top: COSE_Sign1."""
    value: object


class _CborReader:
    def __init__(self, raw):
        self.raw, self.at = raw, 0

    def head(self):
        need(self.at < len(self.raw), 'CBOR is cut short')
        first = self.raw[self.at]
        self.at += 1
        major, low = first >> 5, first & 31
        if low < 24:
            return major, low, low
        need(low < 28, 'CBOR has an indefinite length or a reserved head')
        width = 1 << (low - 24)
        need(self.at + width <= len(self.raw), 'CBOR is cut short')
        value = int.from_bytes(self.raw[self.at:self.at + width], 'big')
        self.at += width
        need(major == 7 or value >= (24, 256, 65536, 1 << 32)[low - 24],
             'CBOR has a head that is longer than it must be')
        return major, low, value

    def take(self, n):
        need(n <= len(self.raw) - self.at, 'CBOR is cut short')
        self.at += n
        return self.raw[self.at - n:self.at]

    def item(self, depth=0, top=False):
        major, low, value = self.head()
        if major == 0:
            return value
        if major == 1:
            need(value < 1 << 63, 'CBOR has a negative number below -2^63')
            return -1 - value
        if major == 2:
            return self.take(value)
        if major == 3:
            try:
                return self.take(value).decode('utf-8')
            except UnicodeDecodeError:
                raise Broken('CBOR text is not UTF-8') from None
        if major in (4, 5):
            need(depth < CBOR_DEPTH, f'CBOR is nested more than {CBOR_DEPTH} deep')
            need(value <= len(self.raw) - self.at, 'CBOR is cut short')
        if major == 4:
            return [self.item(depth + 1) for _ in range(value)]
        if major == 5:
            out, last = {}, -1
            for _ in range(value):
                kind, _, key = self.head()
                need(kind == 0 and key > last, 'CBOR map keys do not ascend or are no uints')
                last = key
                out[key] = self.item(depth + 1)
            return out
        if major == 6:
            need(top and value == 18, 'CBOR has a tag that the profile does not know')
            return Tag18(self.item(depth))
        need(low in (20, 21, 22), 'CBOR has a float or a simple value of no use here')
        return (False, True, None)[low - 20]


def cbor_decode(raw):
    """One item of the profile, no byte behind it.  Values: int, bytes, str, list, dict, bool,
    None, Tag18."""
    reader = _CborReader(bytes(raw))
    value = reader.item(top=True)
    need(reader.at == len(reader.raw), 'CBOR has bytes behind its end')
    return value


def cbor_spans(raw):
    """The raw bytes of each element of an array, as received."""
    reader = _CborReader(bytes(raw))
    major, _, count = reader.head()
    need(major == 4, 'CBOR is no array')
    spans = []
    for _ in range(count):
        start = reader.at
        reader.item(depth=1)
        spans.append(reader.raw[start:reader.at])
    need(reader.at == len(reader.raw), 'CBOR has bytes behind its end')
    return spans


def _cbor_head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for low, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * width):
            return bytes([major << 5 | low]) + value.to_bytes(width, 'big')
    raise ValueError('an integer over 64 bits')


def cbor_encode(value):
    """The only encoding of a value."""
    if value is None or isinstance(value, bool):
        return bytes([0xf6 if value is None else 0xf5 if value else 0xf4])
    if isinstance(value, int):
        return _cbor_head(0, value) if value >= 0 else _cbor_head(1, -1 - value)
    if isinstance(value, bytes):
        return _cbor_head(2, len(value)) + value
    if isinstance(value, str):
        raw = value.encode('utf-8')
        return _cbor_head(3, len(raw)) + raw
    if isinstance(value, (list, tuple)):
        return _cbor_head(4, len(value)) + b''.join(cbor_encode(v) for v in value)
    if isinstance(value, dict):
        return _cbor_head(5, len(value)) + b''.join(
            _cbor_head(0, k) + cbor_encode(value[k]) for k in sorted(value))
    if isinstance(value, Tag18):
        return b'\xd2' + cbor_encode(value.value)
    raise ValueError(f'no CBOR for {type(value).__name__}')


def as_map(value, keys, what):
    need(isinstance(value, dict) and list(value) == list(keys),
         f'{what} is not a map of exactly the fields that FORMAT lists')
    return value


def as_list(value, what, count=None, most=None):
    need(isinstance(value, list) and (count is None or len(value) == count)
         and (most is None or len(value) <= most), f'{what} is no array of the right length')
    return value


def as_uint(value, what, least=0, most=2**32 - 1):
    need(type(value) is int and least <= value <= most, f'{what} is no number in its range')
    return value


def as_bytes(value, what, length=None):
    need(isinstance(value, bytes) and length in (None, len(value)),
         f'{what} is no byte string of its length')
    return value


def as_text(value, what, most=65536):
    need(isinstance(value, str) and len(value.encode('utf-8')) <= most,
         f'{what} is no text within its limit')
    return value


# ---- FORMAT 2: names ---------------------------------------------------------------------------

KEY_ROOT, KEY_SEAT, KEY_WITNESS, KEY_HOST = 1, 2, 3, 4
EMPTY_ROOT = sha256(b'')


def tagged_hash(tag, *parts):
    """H(tag; x...)."""
    return sha256(tag.encode('ascii') + b'\x00', *parts)


def kid(key_type, pk):
    return tagged_hash('entente/v1/kid', bytes([key_type]), pk)


def table_id(found_blob):
    return tagged_hash('entente/v1/table', found_blob)


def leaf_hash(envelope):
    return sha256(b'\x00', envelope)


def node_hash(left, right):
    return sha256(b'\x01', left, right)


def charter_digest(salt, charter):
    return tagged_hash('entente/v1/charter', salt, charter)


def object_id(cose):
    return tagged_hash('entente/v1/object', cose)


def roster_digest(sides):
    """sides: (side, root kid, k, [witness pk...]) in any order."""
    rows = [[s, k, n, list(pks)] for s, k, n, pks in sorted(sides)]
    return tagged_hash('entente/v1/roster', cbor_encode(rows))


# ---- FORMAT 3: ceilings ------------------------------------------------------------------------

ENVELOPE_MAX = 4096
CONTROL_BLOB_MAX = 16384
COUNTERSIGN_BLOB_MAX = 2048
SIDES_MAX, GROUPS_MAX, SIDE_SEATS_MAX, SEATS_MAX = 32, 20, 32, 256
GROUP_WITNESSES_MAX = SUCCESSORS_MAX = 8
ITEMS_MAX, ITEM_TEXT_MAX = 256, 65536
STANZAS_MAX = 256
EPOCHS_MAX = 65535
LEAVES_MAX = 1 << 40
SECONDS_MAX = 253402300799
FILE_MAX = 4 << 30


# ---- FORMAT 4: founding ------------------------------------------------------------------------

@dataclasses.dataclass(frozen=True)
class Found:
    host: bytes
    root: bytes
    stanza_multiple: int
    blob_limit: int
    grace: int
    nonce: bytes
    charter: bytes
    groups: int
    convener_side: int


def found_decode(blob):
    f = as_map(cbor_decode(blob), range(1, 12), 'the founding')
    as_uint(f[1], 'the version of the founding', 1, 1)
    as_uint(f[2], 'the rules version', 1, 1)
    found = Found(as_bytes(f[3], 'the host key', 32), as_bytes(f[4], "the convener's root", 32),
                  as_uint(f[5], 'the stanza multiple', 1, 16),
                  as_uint(f[6], 'the blob limit', 65536, 67108864),
                  as_uint(f[7], 'the grace', 60, 31536000), as_bytes(f[8], 'the nonce', 32),
                  as_bytes(f[9], 'the charter digest', 32),
                  as_uint(f[10], 'the number of groups', 2, GROUPS_MAX), as_uint(f[11], 'the side'))
    need(found.convener_side < found.groups, "the convener's side is not among the groups")
    return found


def found_encode(f):
    return cbor_encode({1: 1, 2: 1, 3: f.host, 4: f.root, 5: f.stanza_multiple, 6: f.blob_limit,
                        7: f.grace, 8: f.nonce, 9: f.charter, 10: f.groups, 11: f.convener_side})


# ---- FORMAT 5: envelope ------------------------------------------------------------------------

SEALED, FOUND, KEYS, WITNESSES, COUNTERSIGN, PROCEED, SUCCESSION = range(7)
CONTROL_WORDS = ('sealed', 'found', 'keys', 'witnesses', 'countersign', 'proceed-without',
                 'succession')


@dataclasses.dataclass(frozen=True)
class Envelope:
    kid16: bytes
    table: bytes
    n: int
    prev: bytes
    seen_size: int
    seen_root: bytes
    blob: bytes
    blob_length: int
    commit: bytes
    term: int
    control: int
    tag: bytes
    signature: bytes = b''
    protected: bytes = b''
    payload: bytes = b''
    raw: bytes = b''


def sign1_decode(raw, what):
    """COSE_Sign1 of the one form that is used here: (kid16, protected, payload, signature)."""
    top = cbor_decode(raw)
    need(isinstance(top, Tag18), f'{what} is no COSE_Sign1')
    protected, unprotected, payload, signature = as_list(top.value, what, 4)
    as_map(unprotected, (), f'the unprotected header of {what}')
    header = as_map(cbor_decode(as_bytes(protected, 'the protected header')), (1, 4),
                    f'the protected header of {what}')
    need(header[1] == -8 and type(header[1]) is int, f'{what} is not signed with Ed25519')
    return (as_bytes(header[4], 'the kid', 16), protected, as_bytes(payload, 'the payload'),
            as_bytes(signature, 'the signature', 64))


def sign1_protected(kid16):
    return cbor_encode({1: -8, 4: kid16})


def sign1_message(protected, payload, aad='entente/v1/act'):
    """What a COSE signature is over."""
    return cbor_encode(['Signature1', protected, aad.encode('ascii'), payload])


def sign1_encode(protected, payload, signature):
    return cbor_encode(Tag18([protected, {}, payload, signature]))


def envelope_decode(raw):
    need(len(raw) <= ENVELOPE_MAX, f'the envelope is over {ENVELOPE_MAX} bytes')
    kid16, protected, payload, signature = sign1_decode(raw, 'the envelope')
    p = as_map(cbor_decode(payload), range(1, 13), 'the payload of the envelope')
    as_uint(p[1], 'the version of the envelope', 1, 1)
    env = Envelope(
        kid16, as_bytes(p[2], 'the table', 32), as_uint(p[3], 'n', most=2**64 - 1),
        as_bytes(p[4], 'prev', 32), as_uint(p[5], 'seen_size', most=LEAVES_MAX),
        as_bytes(p[6], 'seen_root', 32), as_bytes(p[7], 'the blob digest', 32),
        as_uint(p[8], 'the blob length', most=2**64 - 1), as_bytes(p[9], 'the commit', 32),
        as_uint(p[10], 'the term'), as_uint(p[11], 'the control kind', 0, 6),
        as_bytes(p[12], 'the tag', 16), signature, protected, payload, bytes(raw))
    need(env.n > 0 or env.prev == ZEROS32, 'the first act of a chain names a previous one')
    if env.control != SEALED:
        need(env.commit == env.blob, 'the commit of a control act is not its blob digest')
        need(env.tag == ZEROS16, 'a control act carries a tag')
    return env


def envelope_payload(e):
    return cbor_encode({1: 1, 2: e.table, 3: e.n, 4: e.prev, 5: e.seen_size, 6: e.seen_root,
                        7: e.blob, 8: e.blob_length, 9: e.commit, 10: e.term, 11: e.control,
                        12: e.tag})


# ---- FORMAT 6: control acts --------------------------------------------------------------------

@dataclasses.dataclass
class Seat:
    sign: bytes
    seal: bytes
    witness: bytes
    post: int
    flags: int
    side: int = 0
    admitted: int = 0
    revoked: int | None = None
    number: int | None = None       # of its witness key, once named

    @property
    def kid(self):
        return kid(KEY_SEAT, self.sign)

    @property
    def witness_kid(self):
        return kid(KEY_WITNESS, self.witness)


@dataclasses.dataclass
class Slip:
    table: bytes
    side: int
    root: bytes
    seats: list
    successors: list
    needed: int


def _seat_decode(value, side):
    sign, seal, witness, post, flags = as_list(value, 'a seat', 5)
    u = int.from_bytes(as_bytes(seal, "a seat's age key", 32), 'little')
    need(u < 2**255 - 19 and not age_low_order(seal),
         'a key to seal to is none: low order, or not in its one spelling')
    return Seat(as_bytes(sign, "a seat's key", 32), as_bytes(seal, "a seat's age key", 32),
                as_bytes(witness, "a seat's witness key", 32), as_uint(post, 'the post'),
                as_uint(flags, 'the flags of a seat', 0, 1), side)


def _signed_by_all(tag, body, keys, signatures, what):
    as_list(signatures, f'the signatures of {what}', len(keys))
    for pk, signature in zip(keys, signatures):
        need(ed25519_verify(pk, tag.encode('ascii') + b'\x00' + body,
                            as_bytes(signature, f'a signature of {what}', 64)),
             f'a key in {what} has not signed it')


def _slip_body(body, fields, what):
    """(Slip, map) of a body, and the keys that are to have signed it, in their order."""
    s = as_map(cbor_decode(as_bytes(body, f'the body of {what}')), range(1, fields + 1), what)
    as_uint(s[1], 'the version of the slip', 1, 1)
    side = as_uint(s[3], 'the side', 0, SIDES_MAX - 1)
    seats = [_seat_decode(v, side) for v in as_list(s[5], 'the seats', most=SIDE_SEATS_MAX)]
    successors = [as_bytes(v, 'a successor key', 32)
                  for v in as_list(s[6], 'the successors', most=SUCCESSORS_MAX)]
    needed = as_uint(s[7], 'the successors needed', 1 if successors else 0, len(successors))
    root = as_bytes(s[4], 'the root', 32)
    keys = [root] + [k for seat in seats for k in (seat.sign, seat.witness)] + successors
    slip = Slip(as_bytes(s[2], 'the table of the slip', 32), side, root, seats, successors, needed)
    return slip, s, keys


def slip_check(value):
    """A slip (the CBOR array): its fields, every signature checked."""
    body, signatures = as_list(value, 'the slip', 2)
    slip, _, keys = _slip_body(body, 7, 'the slip')
    _signed_by_all('entente/v1/slip', body, keys, signatures, 'the slip')
    return slip


def new_root_check(value):
    """(Slip, replaced root, [successors that signed]) of a new root's paper, all signatures
    checked."""
    what = "the new root's paper"
    body, signatures, sponsors = as_list(value, what, 3)
    slip, s, keys = _slip_body(body, 8, what)
    replaced = as_bytes(s[8], 'the replaced root', 32)
    need(replaced != slip.root, 'it puts a root in its own place')
    _signed_by_all('entente/v1/new-root', body, keys, signatures, what)
    pks = []
    for item in as_list(sponsors, 'the successors that have signed', most=SUCCESSORS_MAX):
        pk, signature = as_list(item, 'a successor that has signed', 2)
        pks.append(as_bytes(pk, "a successor's key", 32))
        _signed_by_all('entente/v1/new-root', body, [pk], [signature], what)
    need(all(a < b for a, b in zip(pks, pks[1:])), 'the successors are not ascending by key')
    return slip, replaced, pks


def seat_slip_check(value):
    """(table, seat) of a seat slip, both signatures checked."""
    body, signatures = as_list(value, 'the seat slip', 2)
    s = as_map(cbor_decode(as_bytes(body, 'the body of the slip')), range(1, 5), 'the seat slip')
    as_uint(s[1], 'the version of the slip', 1, 1)
    seat = _seat_decode(s[4], as_uint(s[3], 'the side', 0, SIDES_MAX - 1))
    _signed_by_all('entente/v1/seat-slip', body, [seat.sign, seat.witness], signatures,
                   'the seat slip')
    return as_bytes(s[2], 'the table of the slip', 32), seat


@dataclasses.dataclass
class Author:
    is_root: bool
    side: int
    kid: bytes
    pk: bytes
    admitted: int
    seat: Seat | None = None
    replaced: int | None = None     # of a root: the index of the act that put another in its place


@dataclasses.dataclass
class Side:
    roots: list                     # [(index of the act that made it so, key, kid)], ascending
    admitted: int
    successors: list
    needed: int

    @property
    def root(self):
        return self.roots[-1][1]

    @property
    def root_kid(self):
        return self.roots[-1][2]

    def root_kid_at(self, at):
        """As of a prefix in which the side has joined."""
        return [k for index, _, k in self.roots if index < at][-1]


class Keyring:
    """Keys, groups and hosts: a fold of the control acts of kinds 1, 2, 3 and 6."""

    def __init__(self, found, table):
        self.found, self.table = found, table
        self.sides = {}             # side -> Side
        self.seats = []
        self.authors = {}           # kid16 -> Author
        self.known = {}             # kid16 of every key of every type -> kid
        self.namings = {}           # side -> [(index, k, [witness numbers])]
        self.witnesses = []         # number -> Seat
        self.hosts = [(0, found.host)]          # (first leaf of the term, key)
        root_kid = kid(KEY_ROOT, found.root)
        self._learn([root_kid, kid(KEY_HOST, found.host)])
        self.authors[root_kid[:16]] = Author(True, found.convener_side, root_kid, found.root, -1)

    def _learn(self, kids):
        need(len({k[:16] for k in kids}) == len(kids), 'a key stands twice in one admission')
        for k in kids:
            need(k[:16] not in self.known, 'a key is admitted that the table knows already')
        for k in kids:
            self.known[k[:16]] = k

    def author(self, index, kid16):
        a = self.authors.get(kid16)
        need(a is not None and a.admitted < index, 'its author was never admitted')
        need(a.seat is None or a.seat.revoked is None or a.seat.revoked >= index,
             'its author had been revoked')
        need(a.replaced is None or a.replaced >= index, 'its author, a root, had been replaced')
        return a

    def _enter(self, index, seats):
        need(len(self.seats) + len(seats) <= SEATS_MAX, f'more than {SEATS_MAX} seats')
        for seat in seats:
            seat.admitted = index
            self.seats.append(seat)
            self.authors[seat.kid[:16]] = Author(False, seat.side, seat.kid, seat.sign, index, seat)

    def keys(self, index, author, blob):
        """Kind 2."""
        m = as_map(cbor_decode(blob), (1, 2, 3), 'the keys act')
        as_uint(m[1], 'the version of the keys act', 1, 1)
        verb = as_uint(m[2], 'the verb of the keys act', 1, 4)
        if verb == 4:
            self._new_root(index, *new_root_check(m[3]))
            return
        need(author.is_root, 'it is an act for a root alone')
        if verb == 1:
            slip = slip_check(m[3])
            need(author.side == self.found.convener_side,
                 "a side is admitted by the convener's root alone")
            need(slip.table == self.table, 'the slip is for another table')
            need(slip.side not in self.sides, f'side {slip.side} has joined already')
            kids = [k for s in slip.seats for k in (s.kid, s.witness_kid)]
            need(len({s.post for s in slip.seats}) == len(slip.seats), 'a post stands twice')
            need((slip.side == self.found.convener_side) == (slip.root == self.found.root),
                 "the convener's root and the convener's side do not go together")
            root_kid = kid(KEY_ROOT, slip.root)
            self._learn(kids if slip.root == self.found.root else [root_kid] + kids)
            self.sides[slip.side] = Side([(index, slip.root, root_kid)], index, slip.successors,
                                         slip.needed)
            if slip.root != self.found.root:
                self.authors[root_kid[:16]] = Author(True, slip.side, root_kid, slip.root, index)
            self._enter(index, slip.seats)
        elif verb == 2:
            table, seat = seat_slip_check(m[3])
            need(table == self.table, 'the seat slip is for another table')
            need(seat.side in self.sides and self.sides[seat.side].root == author.pk,
                 'a seat is admitted by the root of its own side alone')
            mine = [s for s in self.seats if s.side == seat.side]
            need(len(mine) < SIDE_SEATS_MAX, f'a side of more than {SIDE_SEATS_MAX} seats')
            need(all(s.post != seat.post for s in mine if s.revoked is None),
                 'the post is held by another seat')
            self._learn([seat.kid, seat.witness_kid])
            self._enter(index, [seat])
        else:
            whom = as_bytes(m[3], 'the kid to be revoked', 32)
            seat = next((s for s in self.seats if s.kid == whom), None)
            need(seat is not None and seat.revoked is None,
                 'it revokes what is no seat, or is revoked already')
            need(seat.side in self.sides and self.sides[seat.side].root == author.pk,
                 'a seat is revoked by the root of its own side alone')
            seat.revoked = index

    def _new_root(self, index, slip, replaced, sponsors):
        """Successors put another root in a side's place; whoever posts it."""
        need(slip.table == self.table, "the new root's paper is for another table")
        need(slip.side in self.sides and self.sides[slip.side].admitted < index,
             f'side {slip.side} has not joined yet')
        side = self.sides[slip.side]
        need(replaced == side.root, 'the root that it replaces is not its side\'s')
        need(side.successors, 'its side has named no successors')
        need(all(pk in side.successors for pk in sponsors),
             'it is signed by a key that its side did not name as a successor')
        need(len(sponsors) >= side.needed, 'too few successors of its side have signed it')
        posts = {s.post for s in slip.seats}
        need(0 in posts, "it brings no seat of the new principal's own")
        need(len(posts) == len(slip.seats), 'a post stands twice')
        mine = [s for s in self.seats if s.side == slip.side]
        need(len(mine) + len(slip.seats) <= SIDE_SEATS_MAX,
             f'a side of more than {SIDE_SEATS_MAX} seats')
        root_kid = kid(KEY_ROOT, slip.root)
        self._learn([root_kid] + [k for s in slip.seats for k in (s.kid, s.witness_kid)])
        self.authors[side.root_kid[:16]].replaced = index
        side.roots.append((index, slip.root, root_kid))
        side.successors, side.needed = slip.successors, slip.needed
        self.authors[root_kid[:16]] = Author(True, slip.side, root_kid, slip.root, index)
        for seat in mine:
            if seat.revoked is None and seat.post in posts:
                seat.revoked = index
        self._enter(index, slip.seats)

    def name_witnesses(self, index, author, blob):
        """Kind 3."""
        m = as_map(cbor_decode(blob), (1, 2, 3), 'the witnesses act')
        as_uint(m[1], 'the version of the witnesses act', 1, 1)
        need(author.side in self.sides and author.side < self.found.groups,
             'a side without a policy group names witnesses')
        keys = [as_bytes(v, 'a witness key', 32)
                for v in as_list(m[3], 'the witnesses', most=GROUP_WITNESSES_MAX)]
        need(keys and len(set(keys)) == len(keys), 'the witnesses are none, or not distinct')
        k = as_uint(m[2], 'the number of witnesses needed', 1, len(keys))
        need(2 * k > len(keys), 'less than a majority of its witnesses would do for a group')
        seats = []
        for pk in keys:
            seat = next((s for s in self.seats if s.witness == pk), None)
            need(seat is not None and seat.side == author.side and seat.revoked is None,
                 'a witness is named that is no seat of that side')
            seats.append(seat)
        for seat in seats:
            if seat.number is None:
                seat.number = len(self.witnesses)
                self.witnesses.append(seat)
        self.namings.setdefault(author.side, []).append((index, k, [s.number for s in seats]))

    def naming(self, side, at):
        """(k, [witness numbers]) in force as of prefix `at`, or None."""
        acts = self.namings.get(side, ())
        i = bisect.bisect_left(acts, at, key=lambda a: a[0])
        return acts[i - 1][1:] if i else None

    def groups(self, at):
        """{side: (k, [witness numbers])} as of prefix `at`."""
        found = {side: self.naming(side, at) for side in sorted(self.namings)}
        return {side: naming for side, naming in found.items() if naming}

    def roster(self, at):
        """The roster digest as of prefix `at`."""
        rows = []
        for side, s in self.sides.items():
            if s.admitted < at:
                k, numbers = self.naming(side, at) or (0, [])
                rows.append((side, s.root_kid_at(at), k, [self.witnesses[n].witness for n in numbers]))
        return roster_digest(rows)


# ---- FORMAT 7: tree, checkpoint, cosignature, policy, proof ------------------------------------

class Tree:
    """RFC 6962's tree: full nodes by level."""

    def __init__(self, leaves=()):
        self.levels = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self):
        return len(self.levels[0])

    def append(self, leaf):
        node, level = leaf, 0
        while True:
            self.levels[level].append(node)
            row = self.levels[level]
            if len(row) % 2:
                return
            node = node_hash(row[-2], row[-1])
            level += 1
            if level == len(self.levels):
                self.levels.append([])

    def _range(self, start, end):
        """The root over leaves [start, end), start a multiple of the range's largest power."""
        size = end - start
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self.levels[level][start >> level]
        half = 1 << ((size - 1).bit_length() - 1)
        return node_hash(self._range(start, start + half), self._range(start + half, end))

    def root_at(self, size):
        return self._range(0, size) if size else EMPTY_ROOT

    def inclusion(self, index, size):
        path, start, end = [], 0, size
        while end - start > 1:
            half = 1 << ((end - start - 1).bit_length() - 1)
            if index < start + half:
                path.append(self._range(start + half, end))
                end = start + half
            else:
                path.append(self._range(start, start + half))
                start += half
        return path[::-1]

    def consistency(self, old, size):
        """0 < old <= size."""
        path, start, end, whole = [], 0, size, True
        while old != end:
            half = 1 << ((end - start - 1).bit_length() - 1)
            if old <= start + half:
                path.append(self._range(start + half, end))
                end = start + half
            else:
                path.append(self._range(start, start + half))
                start, whole = start + half, False
        if not whole:
            path.append(self._range(start, end))
        return path[::-1]


def inclusion_check(leaf, index, size, path, root):
    """RFC 9162 section 2.1.3.2."""
    if index >= size or any(len(h) != 32 for h in [leaf, root, *path]):
        return False
    fn, sn, node = index, size - 1, leaf
    for h in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            node = node_hash(h, node)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            node = node_hash(node, h)
        fn >>= 1
        sn >>= 1
    return sn == 0 and node == root


def consistency_check(old, old_root, size, root, path):
    """RFC 9162 section 2.1.4.2; size 0 is handled outside."""
    if not 0 < old <= size or any(len(h) != 32 for h in [old_root, root, *path]):
        return False
    if old == size:
        return not path and old_root == root
    path = list(path)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    a = b = path[0]
    for h in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            a, b = node_hash(h, a), node_hash(h, b)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            b = node_hash(b, h)
        fn >>= 1
        sn >>= 1
    return sn == 0 and a == old_root and b == root


NOTE_ED25519, NOTE_COSIGNATURE = 1, 4


def origin(table, term):
    return f'entente/{table.hex()}/{term}'


def witness_name(table, number):
    return f'entente/{table.hex()}/w/{number}'


def key_id(name, key_type, pk):
    return sha256(name.encode(), b'\n', bytes([key_type]), pk)[:4]


def vkey(name, key_type, pk):
    return (f'{name}+{key_id(name, key_type, pk).hex()}+'
            + base64.b64encode(bytes([key_type]) + pk).decode())


@dataclasses.dataclass(frozen=True)
class Note:
    body: bytes
    lines: list         # (name, key id, signature)


def note_decode(raw):
    """C2SP signed-note."""
    raw = bytes(raw)
    try:
        raw.decode('utf-8')
    except UnicodeDecodeError:
        raise Broken('the note is not UTF-8') from None
    need(not re.search(rb'[\x00-\x09\x0b-\x1f\x7f]', raw), 'the note has a control character')
    cut = raw.rfind(b'\n\n')
    need(cut > 0 and raw.endswith(b'\n') and cut + 2 < len(raw), 'the note is not a signed note')
    lines = []
    for line in raw[cut + 2:-1].split(b'\n'):
        m = re.fullmatch('— ([^ +]+) ([A-Za-z0-9+/=]+)'.encode(), line)
        blob = base64_strict(m[2]) if m else None
        need(blob is not None and len(blob) > 4, 'a signature line of the note is malformed')
        lines.append((m[1].decode(), blob[:4], blob[4:]))
    return Note(raw[:cut + 1], lines)


def note_line(name, key_type, pk, signature):
    blob = key_id(name, key_type, pk) + signature
    return f'— {name} {base64.b64encode(blob).decode()}\n'.encode()


@dataclasses.dataclass(frozen=True)
class Checkpoint:
    table: bytes
    term: int
    size: int
    root: bytes


def checkpoint_body(cp):
    return (f'{origin(cp.table, cp.term)}\n{cp.size}\n'
            f'{base64.b64encode(cp.root).decode()}\n').encode()


def checkpoint_decode(body):
    lines = body.split(b'\n')
    need(len(lines) == 4 and lines[3] == b'', 'the checkpoint has not exactly three lines')
    m = re.fullmatch(rb'entente/([0-9a-f]{64})/([0-9]+)', lines[0])
    term = decimal_strict(m[2], 2**32 - 1) if m else None
    size, root = decimal_strict(lines[1], LEAVES_MAX), base64_strict(lines[2], 32)
    need(None not in (term, size, root), 'the checkpoint is malformed')
    return Checkpoint(bytes.fromhex(m[1].decode()), term, size, root)


def host_line_check(note, cp, host):
    """The first line is the host's over the body."""
    name, kid4, signature = note.lines[0]
    need(name == origin(cp.table, cp.term) and kid4 == key_id(name, NOTE_ED25519, host)
         and ed25519_verify(host, note.body, signature), 'the host has not signed this checkpoint')


def cosignature_message(body, time):
    return f'cosignature/v1\ntime {time}\n'.encode() + body


def witness_line_time(body, line, pk):
    """The time of a cosignature/v1 line, or None where its signature does not hold."""
    signature = line[2]
    if len(signature) != 72:
        return None
    time = int.from_bytes(signature[:8], 'big')
    if time > SECONDS_MAX or not ed25519_verify(pk, cosignature_message(body, time),
                                                signature[8:]):
        return None
    return time


def note_check(raw, table, term, host, witnesses):
    """A checkpoint note: host line first, and every line of a known witness holds.  Gives
    (checkpoint, the numbers of the witnesses whose lines it has)."""
    note = note_decode(raw)
    cp = checkpoint_decode(note.body)
    need(cp.table == table, 'the checkpoint is of another table')
    need(cp.term == term, f'the checkpoint is of term {cp.term}, not {term}')
    host_line_check(note, cp, host)
    names = {witness_name(table, n): (n, seat.witness) for n, seat in enumerate(witnesses)}
    signed = set()
    for line in note.lines[1:]:
        number, pk = names.get(line[0], (None, None))
        if number is not None and line[1] == key_id(line[0], NOTE_COSIGNATURE, pk):
            need(witness_line_time(note.body, line, pk) is not None,
                 f'the line of witness {number} does not hold')
            signed.add(number)
    return cp, signed


PROOF_HEAD = b'c2sp.org/tlog-proof@v1'


@dataclasses.dataclass(frozen=True)
class Proof:
    index: int
    path: list
    note: bytes


def proof_decode(raw):
    """C2SP tlog-proof, without the extra line."""
    head, gap, note = bytes(raw).partition(b'\n\n')
    lines = head.split(b'\n')
    need(gap and len(lines) >= 2 and lines[0] == PROOF_HEAD and lines[1].startswith(b'index '),
         'the proof is malformed')
    index = decimal_strict(lines[1][6:], LEAVES_MAX)
    path = [base64_strict(line, 32) for line in lines[2:]]
    need(index is not None and None not in path and len(path) <= 40, 'the proof is malformed')
    return Proof(index, path, note)


def proof_encode(proof):
    hashes = b''.join(base64.b64encode(h) + b'\n' for h in proof.path)
    return PROOF_HEAD + f'\nindex {proof.index}\n'.encode() + hashes + b'\n' + proof.note


def policy_text(record, at, whole=True):
    """The tlog-policy file as of a size, rebuilt from control acts.  In an excerpt a group that is
    out stays in it: the act by which it came back may have been left out."""
    ring = record.ring
    term, host = record.term_of(at)
    groups = ring.groups(at)
    text = [f'log {vkey(origin(ring.table, term), NOTE_ED25519, host)}']
    for n in sorted({n for _, numbers in groups.values() for n in numbers}):
        name = witness_name(ring.table, n)
        text.append(f'witness w{n} {vkey(name, NOTE_COSIGNATURE, ring.witnesses[n].witness)}')
    for side, (k, numbers) in groups.items():
        need_word = 'all' if k == len(numbers) else str(k)
        text.append(f'group s{side} {need_word} ' + ' '.join(f'w{n}' for n in numbers))
    inside = [s for s in groups if not record.log.out(s, at)]
    text += [f'# s{s} is out' for s in groups if s not in inside]
    inside = inside if whole else list(groups)
    if inside:
        text += ['group table all ' + ' '.join(f's{s}' for s in inside), 'quorum table']
    else:
        text.append('quorum none')
    return '\n'.join(text) + '\n'


# ---- FORMAT 8: sealed acts: age, padding, content, commit, tag ---------------------------------

class AgeError(Broken):
    """failure: as the public age vectors name it."""

    def __init__(self, failure, what):
        super().__init__(what)
        self.failure = failure


@dataclasses.dataclass(frozen=True)
class AgeHeader:
    stanzas: list       # (arguments, body)
    signed: bytes       # what the MAC is over
    mac: bytes
    payload: bytes


def age_header_decode(blob):
    """C2SP age: the header, strictly."""
    def bad(what):
        return AgeError('header failure', f'the age header {what}')
    blob = bytes(blob)
    at = 0

    def line():
        nonlocal at
        end = blob.find(b'\n', at)
        if end < 0:
            raise bad('is cut short')
        text, at = blob[at:end], end + 1
        return text

    if line() != b'age-encryption.org/v1':
        raise bad('is not of version 1')
    stanzas = []
    while True:
        start, text = at, line()
        if text.startswith(b'---'):
            mac = base64_strict(text[4:], 32, padded=False)
            if not text.startswith(b'--- ') or mac is None:
                raise bad('has a malformed MAC')
            if not stanzas:
                raise bad('has no stanza')
            return AgeHeader(stanzas, blob[:start + 3], mac, blob[at:])
        args = text.split(b' ')
        if args[0] != b'->' or len(args) < 2 or not all(
                re.fullmatch(rb'[\x21-\x7e]+', a) for a in args[1:]):
            raise bad('has a malformed stanza')
        body = b''
        while True:
            text = line()
            part = base64_strict(text, padded=False)
            if part is None or len(text) > 64:
                raise bad('has a malformed stanza body')
            body += part
            if len(text) < 64:
                break
        if args[1] == b'X25519':
            share = base64_strict(args[2], 32, padded=False) if len(args) == 3 else None
            if share is None or len(body) != 32:
                raise bad('has a malformed X25519 stanza')
        stanzas.append((args[1:], body))


def age_share(stanza):
    """The ephemeral key of an X25519 stanza."""
    return base64_strict(stanza[0][1], 32, padded=False)


def age_low_order(share):
    """True for the points that give the all-zero secret, in any encoding."""
    return x25519(b'\x40' * 32, share) is None


def age_mac_holds(header, file_key):
    return hmac.compare_digest(
        hmac_sha256(hkdf_sha256(file_key, b'', b'header'), header.signed), header.mac)


def age_unwrap(header, secret):
    """The file key by an X25519 identity: the first stanza that it opens, MAC checked."""
    own, wrong_mac = x25519_public(secret), False
    for stanza in header.stanzas:
        if stanza[0][0] != b'X25519':
            continue
        share = age_share(stanza)
        shared = x25519(secret, share)
        if shared is None:
            raise AgeError('header failure', 'the age header has a share of low order')
        wrap = hkdf_sha256(shared, share + own, b'age-encryption.org/v1/X25519')
        file_key = chacha20poly1305_open(wrap, bytes(12), stanza[1])
        if file_key is not None:
            if age_mac_holds(header, file_key):
                return file_key
            wrong_mac = True
    if wrong_mac:
        raise AgeError('HMAC failure', 'the MAC of the age header does not hold')
    raise AgeError('no match', 'no stanza of the seal is for this key')


AGE_CHUNK = 65536


def age_payload_open(header, file_key):
    """The plaintext: ChaCha20-Poly1305 STREAM."""
    def bad(what):
        return AgeError('payload failure', f'the sealed payload {what}')
    nonce, sealed = header.payload[:16], header.payload[16:]
    if len(nonce) != 16:
        raise AgeError('header failure', 'the seal ends before its nonce')
    key = hkdf_sha256(file_key, nonce, b'payload')
    out, at, counter = [], 0, 0
    while True:
        chunk = sealed[at:at + AGE_CHUNK + 16]
        at += len(chunk)
        last = at == len(sealed)
        plain = chacha20poly1305_open(key, counter.to_bytes(11, 'big') + bytes([last]), chunk)
        if plain is None or (last and not plain and counter):
            raise bad('was altered or cut short')
        out.append(plain)
        counter += 1
        if last:
            return b''.join(out)


def age_open(blob, secret):
    header = age_header_decode(blob)
    return age_payload_open(header, age_unwrap(header, secret))


def age_plain_size(payload_length):
    """The length of the plaintext of a payload, or None where no plaintext gives it."""
    sealed = payload_length - 16
    chunks = max(1, -(-sealed // (AGE_CHUNK + 16)))
    plain = sealed - 16 * chunks
    if plain < 0 or (chunks > 1 and plain <= AGE_CHUNK * (chunks - 1)):
        return None
    return plain


def padding_bucket(size):
    """The bucket of a content with its 0x80."""
    if size <= 4096:
        return max(1, -(-size // 1024)) * 1024
    e = size.bit_length() - 1
    step = 1 << (e - e.bit_length())
    return -(-size // step) * step


def padding_is_bucket(size):
    return size > 0 and padding_bucket(size) == size


def padding_put(content):
    return content + b'\x80' + bytes(padding_bucket(len(content) + 1) - len(content) - 1)


def padding_strip(padded):
    end = padded.rstrip(b'\x00')
    need(end.endswith(b'\x80') and padding_bucket(len(end)) == len(padded),
         'the padding inside the seal is wrong')
    return end[:-1]


def sealed_blob_check(found, blob):
    """What everybody can see of a sealed blob: FORMAT 8, first paragraph."""
    header = age_header_decode(blob)
    need(len(header.stanzas) <= STANZAS_MAX and len(header.stanzas) % found.stanza_multiple == 0,
         f'the seal has {len(header.stanzas)} stanzas, no multiple of {found.stanza_multiple}')
    for stanza in header.stanzas:
        need(stanza[0][0] == b'X25519', 'the seal has a stanza that is not X25519')
        need(not age_low_order(age_share(stanza)), 'the seal has a share of low order')
    size = age_plain_size(len(header.payload))
    need(size is not None and padding_is_bucket(size), 'the seal is not padded to a bucket')


KIND_WORDS = {
    1: 'charter', 2: 'sign-charter', 3: 'epoch', 4: 'grant', 5: 'cannot-open', 6: 'void',
    7: 'introduce', 10: 'mandate', 11: 'revoke-mandate', 12: 'meet', 13: 'confirm', 14: 'say',
    15: 'document', 16: 'statement', 17: 'position', 20: 'propose', 21: 'withdraw', 22: 'answer',
    23: 'close', 24: 'ratify', 30: 'promise', 31: 'report', 32: 'verify', 33: 'dispute',
    34: 'lapse', 35: 'incident', 36: 'assess', 40: 'gate', 41: 'park', 42: 'suspend', 43: 'resume',
    44: 'leave', 45: 'return', 46: 'conclude', 50: 'consent', 51: 'published', 60: 'debrief',
    18: 'interests', 61: 'memo', 62: 'decide', 63: 'ask', 64: 'opinion', 65: 'undertake', 66: 'settled',
    67: 'lever', 70: 'draft', 71: 'bracket', 72: 'support', 73: 'object', 74: 'adopt',
    80: 'sound'}
ITEM_WORDS = {
    1: 'text', 2: 'name', 3: 'package', 4: 'answer', 5: 'reservation', 6: 'object', 7: 'ref',
    8: 'meets', 9: 'side', 10: 'source', 11: 'when', 13: 'label', 14: 'deed', 15: 'issue',
    16: 'level', 17: 'mark', 18: 'media', 19: 'content', 21: 'phase', 22: 'epoch',
    23: 'grant-epoch', 24: 'grant-act', 25: 'charter', 26: 'salt', 27: 'file-key', 28: 'seat',
    29: 'present', 30: 'after', 31: 'finding', 32: 'evidence', 33: 'verdict',
    70: 'line', 71: 'way', 72: 'recommend', 73: 'order', 74: 'follows', 76: 'interest',
    77: 'prefer'}
IDENTIFIER = '[a-z][a-z0-9-]{0,31}'
ROOM = re.compile(f'(home|shuttle|consult)/{IDENTIFIER}|plenary|principals|monitors')


@dataclasses.dataclass(frozen=True)
class Content:
    table: bytes
    author: bytes
    n: int
    time: int
    kind: int
    room: str
    epoch: int
    answers: bytes | None
    term: int
    state: list | None
    items: list         # (type, value)
    entries: list       # raw CBOR of the header and of each item

    @property
    def word(self):
        return KIND_WORDS.get(self.kind, f'kind {self.kind}')


def _texts_within(value):
    if isinstance(value, str):
        need(len(value.encode()) <= ITEM_TEXT_MAX, 'a text in the content is too long')
    elif isinstance(value, (list, dict)):
        for part in value.values() if isinstance(value, dict) else value:
            _texts_within(part)


def content_decode(raw):
    top = as_list(cbor_decode(raw), 'the content', most=ITEMS_MAX + 1)
    need(top, 'the content is empty')
    salt, h = as_list(top[0], 'the header of the content', 2)
    as_bytes(salt, 'a salt', 16)
    as_map(h, range(1, 11), 'the header of the content')
    need(h[8] is None or (isinstance(h[8], bytes) and len(h[8]) == 32),
         'the header answers what is no act')
    if h[10] is not None:
        size, digest = as_list(h[10], 'the last final state', 2)
        as_uint(size, 'the size of the last final state', most=LEAVES_MAX)
        as_bytes(digest, 'the digest of the last final state', 32)
    need(ROOM.fullmatch(as_text(h[6], 'the room')), 'the room is none that FORMAT lists')
    items = []
    for entry in top[1:]:
        salt, number, value = as_list(entry, 'an item', 3)
        as_bytes(salt, 'a salt', 16)
        _texts_within(value)
        items.append((as_uint(number, 'the type of an item'), value))
    return Content(as_bytes(h[1], 'the table', 32), as_bytes(h[2], 'the author', 32),
                   as_uint(h[3], 'n', most=2**64 - 1),
                   as_uint(h[4], 'the claimed time', most=SECONDS_MAX), as_uint(h[5], 'the kind'),
                   h[6], as_uint(h[7], 'the epoch', most=EPOCHS_MAX), h[8],
                   as_uint(h[9], 'the term'), h[10], items, cbor_spans(raw))


def commit_leaf(table, author, term, n, place, entry):
    return sha256(b'\x00', table, author, i4(term), i8(n), i4(place), entry)


def commit_root(table, author, term, n, entries):
    return Tree(commit_leaf(table, author, term, n, p, e)
                for p, e in enumerate(entries)).root_at(len(entries))


def content_match(content, env, author_kid):
    """A reader's check of an opened blob; where it fails the act is void."""
    need(content.table == env.table, 'what is sealed names another table')
    need(content.author == author_kid, 'what is sealed names another author')
    need((content.n, content.term) == (env.n, env.term), 'what is sealed names another act')
    need(commit_root(env.table, author_kid, env.term, env.n, content.entries) == env.commit,
         'what is sealed is not what the envelope commits to')


def room_key(secret, table, room, number):
    return hkdf_sha256(secret, b'', b'entente/v1/room' + table + i4(number) + room.encode())


def act_tag(room_secret, author, term, n):
    key = hkdf_sha256(room_secret, b'', b'entente/v1/tag')
    return hmac_sha256(key, author + i4(term) + i8(n))[:16]


def content_open(blob, env, author_kid, file_key=None, secret=None):
    """Opens a sealed blob by its file key or by an age identity."""
    header = age_header_decode(blob)
    if file_key is None:
        file_key = age_unwrap(header, secret)
    need(age_mac_holds(header, file_key), 'the file key does not open this seal')
    content = content_decode(padding_strip(age_payload_open(header, file_key)))
    content_match(content, env, author_kid)
    return content


# ---- FORMAT 9: order, time, cover, final -------------------------------------------------------

class WitnessLog:
    """Countersign and proceed-without acts.  `at` = N asks by the control acts below N."""

    def __init__(self, ring):
        self.ring = ring
        self.acts = {}              # witness number -> ([index], [size], [time])
        self.by_side = {}           # side -> [(index, time, witness number)]
        self.proceeds = {}          # side -> [index of a valid act]

    def countersign(self, index, seat, size, time):
        need(seat.number is not None, 'it countersigns with a key that nobody has named')
        indexes, sizes, times = self.acts.setdefault(seat.number, ([], [], []))
        need(not sizes or size >= sizes[-1], 'its witness had countersigned a larger tree')
        need(not times or time >= times[-1], 'its witness had countersigned at a later time')
        indexes.append(index)
        sizes.append(size)
        times.append(time)
        self.by_side.setdefault(seat.side, []).append((index, time, seat.number))

    def _last_of_side(self, side, below):
        acts = self.by_side.get(side, [])
        i = bisect.bisect_left(acts, (below, 0, 0))
        return acts[i - 1][0] if i else -1

    def proceed(self, index, author_side, side):
        """Kind 5: takes it in; True iff it counts."""
        groups = self.ring.groups(index)
        if side not in groups or author_side not in groups or author_side == side:
            return False
        start = self._last_of_side(side, index)
        apart = 0
        for other in groups:
            keys = {}               # two clocks that differ are no time that went by
            for i, t, number in self.by_side.get(other, []):
                if start < i < index:
                    keys.setdefault(number, []).append(t)
            if other != side and any(max(times) - min(times) >= self.ring.found.grace
                                     for times in keys.values()):
                apart += 1
        if len(groups) < 2 or apart < min(2, len(groups) - 1):
            return False
        self.proceeds.setdefault(side, []).append(index)
        return True

    def out(self, side, size):
        acts = self.proceeds.get(side, [])
        i = bisect.bisect_left(acts, size)
        return i > 0 and self._last_of_side(side, size) < acts[i - 1]

    def _size(self, number, at):
        indexes, sizes, _ = self.acts.get(number, ([], [], []))
        i = bisect.bisect_left(indexes, at)
        return sizes[i - 1] if i else 0

    def group_size(self, naming, at):
        k, numbers = naming
        return sorted((self._size(n, at) for n in numbers), reverse=True)[k - 1]

    def covers(self, side, size, at):
        naming = self.ring.naming(side, size)
        return self.out(side, size) or self.group_size(naming, at) >= size

    def final(self, at):
        if not self.ring.groups(at):
            return 0
        for size in range(at, 0, -1):
            if all(self.covers(side, size, at) for side in self.ring.groups(size)):
                return size
        return 0

    def _first_above(self, number, i, at):
        indexes, sizes, times = self.acts.get(number, ([], [], []))
        p = bisect.bisect_right(sizes, i)
        return times[p] if p < len(sizes) and indexes[p] < at else None

    def _last_below(self, number, j):
        indexes, _, times = self.acts.get(number, ([], [], []))
        p = bisect.bisect_left(indexes, j)
        return times[p - 1] if p else None

    def _majority(self, at, time_of, latest):
        """The time that more than half of the groups that are not out agree on, or None."""
        found, count = [], 0
        for side, (k, numbers) in self.ring.groups(at).items():
            if self.out(side, at):
                continue
            count += 1
            times = sorted((t for t in map(time_of, numbers) if t is not None), reverse=latest)
            if len(times) >= k:
                found.append(times[k - 1])
        found.sort(reverse=latest)
        return found[count // 2] if len(found) > count // 2 else None

    def not_after(self, index, at):
        """t(i)."""
        return self._majority(at, lambda n: self._first_above(n, index, at), latest=False)

    def not_before(self, seen_size, at):
        """b(i)."""
        return self._majority(at, lambda n: self._last_below(n, min(seen_size, at)), latest=True)

    def saw(self, side, seen_size, index):
        naming = self.ring.naming(side, index)
        return max(seen_size, self.group_size(naming, index) if naming else 0)


# ---- The record: every act's checks, in log order (FORMAT 5, 6, 8, 11) --------------------------

@dataclasses.dataclass
class Act:
    index: int
    leaf: bytes
    env: Envelope
    author: Author
    blob: bytes | None
    content: Content | None = None
    counts: bool = True         # of a proceed-without act: whether it does

    @property
    def word(self):
        if self.env.control == SEALED and self.content:
            return self.content.word
        return CONTROL_WORDS[self.env.control]


class Record:
    """Acts admitted so far.  whole: every leaf is at hand (a bundle); else only some (an excerpt):
    seats' chains are checked as far as they go, and each act brings the proof that the tree it had
    seen is the beginning of this one."""

    def __init__(self, whole=True):
        self.whole = whole
        self.ring = self.log = None
        self.tree = Tree()
        self.acts = []
        self.term = 0
        self.chains = {}            # kid -> (next n, prev, seen_size) of the present term
        self.pending = None         # a succession under way: [w, root, host, roots that miss]

    def term_of(self, size):
        """(term, host) of the checkpoint of that size."""
        term = max(t for t, (start, _) in enumerate(self.ring.hosts) if start < max(size, 1))
        if self.pending and size > self.pending[0]:
            return self.term + 1, self.pending[2]
        return term, self.ring.hosts[term][1]

    def admit(self, index, envelope, blob):
        try:
            act = self._admit(index, envelope, blob)
        except Broken as e:
            if e.index is None:
                e.index = index
            raise
        self.acts.append(act)
        return act

    def _admit(self, index, envelope, blob):
        env = envelope_decode(envelope)
        leaf = leaf_hash(envelope)
        if blob is None:
            raise Broken('its blob is missing')
        need(env.blob_length == len(blob) and env.blob == sha256(blob),
             'its blob is not the one that its author signed')
        if (index == 0) != (env.control == FOUND):
            raise Broken('a record begins with its founding, and has one')
        if index == 0:
            need(len(blob) <= CONTROL_BLOB_MAX, 'the blob is over its limit')
            found = found_decode(blob)
            need(env.seen_size == 0 and env.n == 0 and env.term == 0,
                 'the founding is not the first act of its author')
            self.ring = Keyring(found, table_id(blob))
            self.log = WitnessLog(self.ring)
        need(env.table == self.ring.table, 'it is an act of another table')
        author = self.ring.author(index, env.kid16)
        need(env.control == KEYS                # by its verb: the keyring looks
             or author.is_root == (env.control in (FOUND, WITNESSES, SUCCESSION)),
             'it is no act for a root' if author.is_root else 'it is an act for a root alone')
        need(ed25519_verify(author.pk, sign1_message(env.protected, env.payload), env.signature),
             'its signature does not hold')
        self._place(index, env, author, leaf)
        act = Act(index, leaf, env, author, blob)
        self._rules(index, act)
        self.chains[author.kid] = (env.n + 1, leaf, env.seen_size)
        self.tree.append(leaf)
        return act

    def _place(self, index, env, author, leaf):
        """Term, chain, and what its author had seen."""
        if env.control == SUCCESSION:
            need(env.term == self.term + 1, 'a succession is not of the next term')
            if self.pending is None:
                self.chains = {}
        else:
            need(self.pending is None, 'it stands inside a succession that is not complete')
            need(env.term == self.term, f'it is of term {env.term}, the table is in {self.term}')
        n, prev, seen = self.chains.get(author.kid, (0, ZEROS32, 0))
        if self.whole or author.is_root:
            need(env.n == n, f"its number is {env.n}, its author's next is {n}")
            need(env.prev == prev, "it does not follow its author's last act")
        else:
            need(env.n > n or (env.n == n and env.prev == prev),
                 "it does not follow its author's earlier acts")
        need(env.seen_size >= seen, 'its author had seen more before')
        need(env.seen_size <= index, 'its author cannot have seen so much')
        if self.whole:
            need(env.seen_root == self.tree.root_at(env.seen_size),
                 'its author had seen another tree')

    def _rules(self, index, act):
        env, author, blob = act.env, act.author, act.blob
        if env.control == SEALED:
            need(len(blob) <= self.ring.found.blob_limit, 'the blob is over its limit')
            sealed_blob_check(self.ring.found, blob)
            return
        need(len(blob) <= CONTROL_BLOB_MAX, 'the blob is over its limit')
        if env.control == KEYS:
            self.ring.keys(index, author, blob)
        elif env.control == WITNESSES:
            self.ring.name_witnesses(index, author, blob)
        elif env.control == COUNTERSIGN:
            self.log.countersign(index, author.seat, env.seen_size,
                                 self._countersign_time(env, author.seat, blob))
        elif env.control == PROCEED:
            m = as_map(cbor_decode(blob), (1, 2), 'the proceed-without act')
            as_uint(m[1], 'the version of the act', 1, 1)
            act.counts = self.log.proceed(index, author.side,
                                          as_uint(m[2], 'the side', 0, SIDES_MAX - 1))
        elif env.control == SUCCESSION:
            self._succession(index, env, author, blob)

    def _countersign_time(self, env, seat, blob):
        need(len(blob) <= COUNTERSIGN_BLOB_MAX, 'the blob is over its limit')
        need(seat.number is not None, 'it countersigns with a key that nobody has named')
        note = note_decode(blob)
        cp = checkpoint_decode(note.body)
        need(len(note.lines) == 2, 'a countersign act has not exactly two lines')
        need((cp.table, cp.term) == (env.table, env.term),
             'it countersigns a checkpoint of another table or term')
        need((cp.size, cp.root) == (env.seen_size, env.seen_root),
             'it countersigns another tree than it has seen')
        host_line_check(note, cp, self.ring.hosts[self.term][1])
        name = witness_name(env.table, seat.number)
        line = note.lines[1]
        time = witness_line_time(note.body, line, seat.witness)
        need(line[0] == name and line[1] == key_id(name, NOTE_COSIGNATURE, seat.witness)
             and time is not None, "its witness line is not of its author's own key")
        return time

    def _succession(self, index, env, author, blob):
        """FORMAT 11."""
        m = as_map(cbor_decode(blob), (1, 2, 3, 4), 'the succession')
        as_uint(m[1], 'the version of the succession', 1, 1)
        size = as_uint(m[2], 'the size of the succession', most=LEAVES_MAX)
        root, host = as_bytes(m[3], 'its root', 32), as_bytes(m[4], 'the new host key', 32)
        need((size, root) == (env.seen_size, env.seen_root),
             'the succession takes over another tree than its author has seen')
        if self.pending is None:
            need(size == index, 'the succession does not take over where it stands')
            need(kid(KEY_HOST, host)[:16] not in self.ring.known, 'the new host is an old key')
            # Those of the groups that are not out; before there is a group, of all that may form one.
            groups = self.ring.groups(size)
            missing = {s.root_kid for side, s in self.ring.sides.items()
                       if side < self.ring.found.groups
                       and (side in groups and not self.log.out(side, size) if groups else True)}
            self.pending = [size, root, host, missing]
        need(self.pending[:3] == [size, root, host], 'the roots do not name one succession')
        need(author.kid in self.pending[3], 'its author has no voice in this succession')
        self.pending[3].discard(author.kid)
        if not self.pending[3]:
            self.ring._learn([kid(KEY_HOST, host)])
            self.ring.hosts.append((size, host))
            self.term += 1
            self.pending = None


# ---- FORMAT 13: files --------------------------------------------------------------------------

TAR_BLOCK = 512


def tar_header(name, size):
    name = name.encode('ascii')
    if not 0 < len(name) <= 100 or not 0 <= size < 1 << 33:
        raise ValueError('a name or size that no header holds')
    head = bytearray(TAR_BLOCK)
    head[0:len(name)] = name
    head[100:124] = b'0000644\x000000000\x000000000\x00'
    head[124:136] = b'%011o\x00' % size
    head[136:148] = b'00000000000\x00'
    head[148:156] = b' ' * 8
    head[156:157] = b'0'
    head[257:265] = b'ustar\x0000'
    head[148:156] = b'%06o\x00 ' % sum(head)
    return bytes(head)


def tar_encode(files):
    """files: {name: bytes}."""
    out = []
    for name in sorted(files, key=lambda n: n.encode()):
        out += [tar_header(name, len(files[name])), files[name],
                bytes(-len(files[name]) % TAR_BLOCK)]
    return b''.join(out) + bytes(2 * TAR_BLOCK)


def tar_decode(raw):
    """{name: (offset, size)}, refusing whatever tar_encode would not have written."""
    files, at, last = {}, 0, b''
    while True:
        head = bytes(raw[at:at + TAR_BLOCK])
        if len(head) < TAR_BLOCK:
            raise Broken('the archive is cut short', where=f'byte {at}')
        if head == bytes(TAR_BLOCK):
            break
        name = head[:100].rstrip(b'\x00')
        where = f'file header at byte {at}'
        size = head[124:135]
        if not re.fullmatch(rb'[a-z0-9./]+', name) or not re.fullmatch(rb'[0-7]{11}', size):
            raise Broken('a file of the archive has no proper name or size', where=where)
        where = f'file {name.decode()}'
        size = int(size, 8)
        if head != tar_header(name.decode(), size):
            raise Broken('a file header is not the one that entente writes', where=where)
        if name <= last:
            raise Broken('the files of the archive do not ascend by name', where=where)
        last, at = name, at + TAR_BLOCK
        end = at + size + -size % TAR_BLOCK
        if end > len(raw):
            raise Broken('the archive is cut short', where=where)
        if any(raw[at + size:end]):
            raise Broken('there are bytes between two files', where=where)
        files[name.decode()] = (at, size)
        at = end
    if bytes(raw[at:]) != bytes(2 * TAR_BLOCK):
        raise Broken('the archive does not end as it must', where=f'byte {at}')
    return files


def tile_number(n):
    """x001/x234/067"""
    groups = [f'{n % 1000:03}']
    while n := n // 1000:
        groups.insert(0, f'x{n % 1000:03}')
    return '/'.join(groups)


def tile_names(size):
    """Every tile of a tree of that size: (name, level or None for entries, first, width)."""
    out = []
    for level in [None, *range(6)]:
        count = size >> (8 * (level or 0))
        folder = 'tile/entries' if level is None else f'tile/{level}'
        for n in range(-(-count // 256)):
            width = min(256, count - 256 * n)
            part = '' if width == 256 else f'.p/{width}'
            out.append((f'{folder}/{tile_number(n)}{part}', level, 256 * n, width))
    return out


def bundle_encode(tree, envelopes, blobs, checkpoint):
    """A bundle of these parts, as they are: vectors and tests."""
    files = {'checkpoint': checkpoint}
    for name, level, first, width in tile_names(len(envelopes)):
        if level is None:
            files[name] = b''.join(len(e).to_bytes(2, 'big') + e
                                   for e in envelopes[first:first + width])
        else:
            files[name] = b''.join(tree.levels[8 * level][first:first + width])
    for blob in blobs:
        files['blob/' + sha256(blob).hex()] = blob
    return tar_encode(files)


@dataclasses.dataclass
class Findings:
    kind: str
    record: Record
    size: int
    root: bytes
    final: int
    shown: list                 # acts to show
    countersigned: bool         # by every group: all that is below final, or the excerpt's tree

    def times(self, act):
        log = self.record.log
        return log.not_before(act.env.seen_size, self.size), log.not_after(act.index, self.size)


def entries_split(raw, first, width, name):
    """The envelopes of an entry tile."""
    out, at = [], 0
    while at < len(raw):
        n = int.from_bytes(raw[at:at + 2], 'big')
        if len(out) == width or at + 2 + n > len(raw) or not 0 < n <= ENVELOPE_MAX:
            raise Broken('the entries are not those of a tile', index=first + len(out), where=name)
        out.append(raw[at + 2:at + 2 + n])
        at += 2 + n
    if len(out) != width:
        raise Broken('an act is missing', index=first + len(out), where=name)
    return out


def bundle_check(raw, files):
    """A bundle: everything."""
    def content(name):
        at, size = files[name]
        return bytes(raw[at:at + size])

    if 'checkpoint' not in files:
        raise Broken('the bundle has no checkpoint', where='file checkpoint')
    try:
        claimed = checkpoint_decode(note_decode(content('checkpoint')).body)
        need(claimed.size > 0, 'the checkpoint is of an empty record')
    except Broken as e:
        e.where = 'file checkpoint'
        raise
    present = {n for n in files if n.startswith('tile/')}
    need_files = claimed.size // 256 + 1
    if need_files > len(files):
        raise Broken('acts are missing that the checkpoint counts', where='tiles')
    tiles = tile_names(claimed.size)
    record, blobs = Record(), set()
    for name, level, first, width in tiles:
        if name not in files:
            bare = name.partition('.p/')[0]
            absent = level is None and not any(n.partition('.p/')[0] == bare for n in present)
            raise Broken('a tile is missing', index=first if absent else None, where=name)
        if level is not None:
            continue
        for i, envelope in enumerate(entries_split(content(name), first, width, name)):
            try:
                digest = 'blob/' + envelope_decode(envelope).blob.hex()
            except Broken as e:
                e.index = first + i
                raise
            blobs.add(digest)
            act = record.admit(first + i, envelope, content(digest) if digest in files else None)
            if act.index:
                act.blob = None         # a bundle may be large; --dump reads it again
    for name, level, first, width in tiles:
        if level is not None and content(name) != b''.join(
                record.tree.levels[8 * level][first:first + width]):
            raise Broken('a tile is not of the hashes of the acts', where=name)
    for name in sorted(set(files) - present - blobs - {'checkpoint'}) + \
            sorted(present - {t[0] for t in tiles}):
        raise Broken('a file belongs to no act', where=name)
    try:
        term, host = record.term_of(claimed.size)
        cp, _ = note_check(content('checkpoint'), record.ring.table, term, host,
                           record.ring.witnesses)
        need(cp.root == record.tree.root_at(cp.size), 'the checkpoint is of another tree')
    except Broken as e:
        e.where = 'file checkpoint'
        raise
    return Findings('bundle', record, cp.size, cp.root, record.log.final(cp.size), record.acts,
                    True)


EXCERPT_HEAD = b'entente excerpt v1\n'


def excerpt_encode(policy, acts):
    """acts: (index, envelope, proof, blob, file key or None, hashes of a consistency proof)."""
    files = {'excerpt': EXCERPT_HEAD, 'policy': policy}
    for index, envelope, proof, blob, key, hashes in acts:
        folder = f'act/{index:010}/'
        files |= {folder + 'envelope': envelope, folder + 'proof': proof, folder + 'blob': blob}
        if key is not None:
            files[folder + 'key'] = key.hex().encode() + b'\n'
        if hashes:
            files[folder + 'consistency'] = b''.join(base64.b64encode(h) + b'\n' for h in hashes)
    return tar_encode(files)


def seen_check(env, text, cp):
    """An act in an excerpt: the tree that it cites is the beginning of the proofs' tree."""
    if env.seen_size == 0:
        need(text is None, 'it cites no tree, and has a consistency proof')
        need(env.seen_root == EMPTY_ROOT, 'its author had seen another empty tree')
        return
    need(text is not None, 'its consistency proof is missing')
    lines = text.split(b'\n')
    hashes = [base64_strict(line, 32) for line in lines[:-1]]
    need(lines[-1] == b'' and hashes and None not in hashes and len(hashes) <= 81,
         'its consistency proof is malformed')
    need(consistency_check(env.seen_size, env.seen_root, cp.size, cp.root, hashes),
         'the tree that it cites is not one that this record goes on from')


def excerpt_check(raw, files):
    """An excerpt: proofs, authors, rules, contents; the policy rebuilt."""
    acts = {}
    for name, (at, size) in files.items():
        m = re.fullmatch('act/([0-9]{10})/(envelope|proof|blob|key|consistency)', name)
        if m:
            acts.setdefault(int(m[1]), {})[m[2]] = bytes(raw[at:at + size])
        elif name not in ('excerpt', 'policy'):
            raise Broken('a file belongs to no act', where=name)
    at, size = files['excerpt']
    if bytes(raw[at:at + size]) != EXCERPT_HEAD:
        raise Broken('the excerpt is of another version', where='file excerpt')
    if 'policy' not in files:
        raise Broken('the excerpt has no policy', where='file policy')
    if 0 not in acts:
        raise Broken('the founding is missing', index=0)
    record, note, cp = Record(whole=False), None, None
    for index in sorted(acts):
        part = acts[index]
        try:
            need({'envelope', 'proof', 'blob'} <= set(part),
                 'its envelope, proof or blob is missing')
            proof = proof_decode(part['proof'])
            if note is None:
                note, cp = proof.note, checkpoint_decode(note_decode(proof.note).body)
            need(proof.note == note, 'its proof is under another checkpoint than the others')
            need(proof.index == index, 'its proof is for another place')
            need(inclusion_check(leaf_hash(part['envelope']), index, cp.size, proof.path, cp.root),
                 'its proof does not lead to the root of the tree')
            act = record.admit(index, part['envelope'], part['blob'])
            seen_check(act.env, part.get('consistency'), cp)
            need(('key' in part) == (act.env.control == SEALED),
                 'its file key is missing' if act.env.control == SEALED
                 else 'a readable act has a file key')
            if 'key' in part:
                need(re.fullmatch(rb'[0-9a-f]{32}\n', part['key']), 'its file key is malformed')
                act.content = content_open(act.blob, act.env, act.author.kid,
                                           bytes.fromhex(part['key'].decode()))
        except Broken as e:
            e.index = index
            raise
    try:
        term, host = record.term_of(cp.size)
        cp, signed = note_check(note, record.ring.table, term, host, record.ring.witnesses)
    except Broken as e:
        e.where = 'the checkpoint of the proofs'
        raise
    at, size = files['policy']
    if bytes(raw[at:at + size]) != policy_text(record, cp.size, whole=False).encode():
        raise Broken('the policy is not the one that the control acts yield', where='file policy',
                     mend='ask the sender for an excerpt with its own policy')
    inside = [g for s, g in record.ring.groups(cp.size).items() if not record.log.out(s, cp.size)]
    countersigned = bool(inside) and all(
        sum(n in signed for n in numbers) >= k for k, numbers in inside)
    shown = [a for a in record.acts if a.env.control == SEALED]
    final = cp.size if countersigned else record.log.final(cp.size)
    return Findings('excerpt', record, cp.size, cp.root, final, shown, countersigned)


# ---- FORMAT 14: fraud proofs -------------------------------------------------------------------

FRAUD_FORK, FRAUD_DOUBLE, FRAUD_SEEN, FRAUD_WITNESS = 1, 2, 3, 4
FRAUD_WORDS = {FRAUD_FORK: 'fork', FRAUD_DOUBLE: 'double', FRAUD_SEEN: 'seen',
               FRAUD_WITNESS: 'witness'}
FRAUD_HEAD = b'\xa8\x01\x01\x02'         # eight fields, version 1, then the kind
NOTE_MAX, NOTE_LINES, PROOF_MAX, PATH_MAX = 65536, 200, 131072, 40
FRAUD_MAX = 2 * PROOF_MAX + 2 * ENVELOPE_MAX + 4096
# What Unicode calls White_Space, beside the controls that no note has.
SPACES = '\u0020\u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000' + ''.join(
    map(chr, range(0x2000, 0x200b)))


@dataclasses.dataclass
class Fraud:
    kind: int
    table: bytes
    accused: bytes
    host: bytes         # None where the kind names none
    a: bytes
    b: bytes
    leaves: list        # [index, leaf, path, leaf, path] or None
    proofs: list        # of kind double: two tlog-proofs; else None


def fraud_decode(raw):
    """Form alone."""
    need(len(raw) <= FRAUD_MAX, 'the fraud proof is over its limit')
    f = as_map(cbor_decode(raw), range(1, 9), 'the fraud proof')
    as_uint(f[1], 'the version of the fraud proof', 1, 1)
    kind = as_uint(f[2], 'the kind of the fraud proof', FRAUD_FORK, FRAUD_WITNESS)
    table, accused = as_bytes(f[3], 'the table', 32), as_bytes(f[4], 'the accused', 32)
    named = kind in (FRAUD_DOUBLE, FRAUD_SEEN)
    need(named or f[5] is None, 'only proofs of kinds double and seen name a host')
    host = as_bytes(f[5], 'the host', 32) if named else None
    for key in (6, 7):
        need(len(as_bytes(f[key], 'a statement')) <= NOTE_MAX, 'a statement is over its limit')
    leaves = proofs = None
    if kind == FRAUD_DOUBLE:
        proofs = as_list(f[8], 'the proofs', 2)
        for p in proofs:
            need(len(as_bytes(p, 'a proof')) <= PROOF_MAX, 'a proof is over its limit')
    elif f[8] is not None:
        need(kind != FRAUD_SEEN, 'a proof of kind seen shows no leaves')
        leaves = as_list(f[8], 'the leaves', 5)
        as_uint(leaves[0], 'the index of the leaves', most=LEAVES_MAX - 1)
        for leaf, path in (leaves[1:3], leaves[3:5]):
            as_bytes(leaf, 'a leaf', 32)
            for h in as_list(path, 'a path', most=PATH_MAX):
                as_bytes(h, 'a hash of a path', 32)
    return Fraud(kind, table, accused, host, f[6], f[7], leaves, proofs)


def _statement(table, raw):
    """A note and the checkpoint of the table that it is of."""
    need(len(raw) <= NOTE_MAX, 'a note is over its limit')
    note = note_decode(raw)
    need(len(note.lines) <= NOTE_LINES, 'a note has too many signatures')
    need(not any(c in SPACES for line in note.lines for c in line[0]),
         'a name in a note has a blank')
    cp = checkpoint_decode(note.body)
    need(cp.table == table, 'a checkpoint is of another table')
    return note, cp


def _host_signed(note, cp, host):
    """The host's line stands first, and no other line under its name and key is wrong."""
    host_line_check(note, cp, host)
    name = origin(cp.table, cp.term)
    for line in note.lines[1:]:
        if line[0] == name and line[1] == key_id(name, NOTE_ED25519, host):
            need(ed25519_verify(host, note.body, line[2]), 'a line of the host does not hold')


def _witness_time(table, note, pk):
    """Of the first line that holds under any name of a witness of the table."""
    head = witness_name(table, 0)[:-1]
    for line in note.lines:
        if line[0].startswith(head) and line[1] == key_id(line[0], NOTE_COSIGNATURE, pk):
            time = witness_line_time(note.body, line, pk)
            if time is not None:
                return time
    raise Broken('a checkpoint has no line of the witness')


def _trees_exclude(f, a, b):
    need(a.term == b.term, 'the checkpoints are of two terms')
    if a.size == b.size:
        need(a.root != b.root, 'both checkpoints are of one tree')
        return
    need(f.leaves is not None, 'the checkpoints are of two sizes, and no leaves are shown')
    index, leaf_a, path_a, leaf_b, path_b = f.leaves
    need(leaf_a != leaf_b, 'the leaves shown are the same')
    need(inclusion_check(leaf_a, index, a.size, path_a, a.root)
         and inclusion_check(leaf_b, index, b.size, path_b, b.root),
         'a leaf shown is not in the tree of its checkpoint')


def _signed_envelope(f, raw):
    env = envelope_decode(raw)
    need(env.table == f.table, 'an envelope is of another table')
    need(ed25519_verify(f.accused, sign1_message(env.protected, env.payload), env.signature),
         'an envelope is not signed by the accused')
    return env


def _noted(f, proof, raw, env):
    """The checkpoint of the host under which the envelope is shown, and where."""
    p = proof_decode(proof)
    need(p.index < LEAVES_MAX, 'a proof is malformed')
    note, cp = _statement(f.table, p.note)
    _host_signed(note, cp, f.host)
    need(inclusion_check(leaf_hash(raw), p.index, cp.size, p.path, cp.root),
         'the host is not shown to have noted both envelopes')
    need(cp.term == env.term, 'an envelope is shown in another term')
    return p.index, cp


def fraud_check(f):
    """Whom it convicts: a public key, and of which type.  Broken: nobody."""
    if f.kind == FRAUD_FORK:
        (note_a, a), (note_b, b) = _statement(f.table, f.a), _statement(f.table, f.b)
        _host_signed(note_a, a, f.accused)
        _host_signed(note_b, b, f.accused)
        _trees_exclude(f, a, b)
        return f.accused, 'host'
    if f.kind == FRAUD_WITNESS:
        (note_a, a), (note_b, b) = _statement(f.table, f.a), _statement(f.table, f.b)
        time_a = _witness_time(f.table, note_a, f.accused)
        time_b = _witness_time(f.table, note_b, f.accused)
        falls = (a.size - b.size) * (time_a - time_b) < 0
        if a.term != b.term or not falls:
            _trees_exclude(f, a, b)
        return f.accused, 'witness'
    if f.kind == FRAUD_SEEN:
        note, cp = _statement(f.table, f.a)
        _host_signed(note, cp, f.host)
        env = _signed_envelope(f, f.b)
        need((env.term, env.seen_size) == (cp.term, cp.size),
             'the envelope cites a tree of another size or term')
        need(env.seen_root != cp.root, "the envelope cites the host's own tree")
        return f.accused, 'author'
    x, y = _signed_envelope(f, f.a), _signed_envelope(f, f.b)
    need(x.kid16 == y.kid16, 'the envelopes are of two chains')
    need((x.term, x.n) == (y.term, y.n), 'the envelopes stand at two places of the chain')
    need(x.payload != y.payload, 'both envelopes say the same')
    (i, a), (k, b) = _noted(f, f.proofs[0], f.a, x), _noted(f, f.proofs[1], f.b, y)
    if (a.size == b.size and a.root != b.root) or i == k:
        return f.host, 'host'
    return f.accused, 'author'


@dataclasses.dataclass
class FraudFindings:
    fraud: Fraud
    guilty: bytes
    type: str           # host, author or witness

    def kids(self):
        """As keyrings name it: an author may be a root or a seat."""
        types = {'host': [KEY_HOST], 'witness': [KEY_WITNESS], 'author': [KEY_ROOT, KEY_SEAT]}
        return [kid(t, self.guilty) for t in types[self.type]]


def fraud_file_check(raw):
    fraud = fraud_decode(bytes(raw))
    return FraudFindings(fraud, *fraud_check(fraud))


def say_fraud(found):
    what = {FRAUD_FORK: 'signed two records that cannot both be true',
            FRAUD_WITNESS: 'countersigned two records that cannot both be true, or set its clock '
                           'back between two',
            FRAUD_SEEN: 'says in an act to have seen a record that the host did not sign at that '
                        'size',
            FRAUD_DOUBLE: 'signed two acts for one place of its chain'}[found.fraud.kind]
    if found.type == 'host':
        what = 'signed two records that cannot both be true'
    print(f'It proves: the {found.type} with the key {found.guilty.hex()} {what}.')
    print('Fingerprint, to compare with the key in the record of the table: '
          + ' or '.join(k.hex() for k in found.kids()))
    print(f'Table {found.fraud.table.hex()}')


def fraud_json(found):
    return {'v': 1, 'ok': True, 'kind': 'fraud', 'table': found.fraud.table.hex(),
            'proves': FRAUD_WORDS[found.fraud.kind], 'who': found.type, 'key': found.guilty.hex()}


def file_check(raw):
    """Findings on a bundle, an excerpt or a fraud proof, and the files in it."""
    if raw[:len(FRAUD_HEAD)] == FRAUD_HEAD:
        return fraud_file_check(raw), {}
    if len(raw) < TAR_BLOCK or raw[257:262] != b'ustar':
        raise Unreadable('the file is no record of entente',
                         'give a bundle (entente bundle out), an excerpt (*.entente) or a fraud proof')
    if len(raw) > FILE_MAX:
        raise Unreadable('the file is over 4 GiB', 'ask for an excerpt')
    files = tar_decode(raw)
    if 'excerpt' in files:
        return excerpt_check(raw, files), files
    return bundle_check(raw, files), files


# ---- Words for people --------------------------------------------------------------------------

def moment(seconds):
    if seconds is None:
        return 'unknown'
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(
        '%d %b %Y %H:%M:%S UTC')


def bracket(before, after):
    if before is None and after is None:
        return 'at a time that nobody has witnessed'
    if before is None:
        return f'not after {moment(after)}'
    if after is None:
        return f'not before {moment(before)}'
    return f'between {moment(before)} and {moment(after)}'


def quoted(value):
    """Words of others never reach a terminal raw."""
    if isinstance(value, bytes):
        return f'h{value.hex()!r}' if len(value) <= 64 else f'({len(value)} bytes)'
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=True)
    if isinstance(value, (list, tuple)):
        return '[' + ', '.join(map(quoted, value)) + ']'
    if isinstance(value, dict):
        return '{' + ', '.join(f'{k}: {quoted(v)}' for k, v in value.items()) + '}'
    return str(value)


def say(findings):
    """The answer for a newspaper reader."""
    if isinstance(findings, FraudFindings):
        say_fraud(findings)
        return
    record, shown = findings.record, findings.shown
    times = [findings.times(a) for a in shown]
    sides = sorted({a.author.side for a in shown})
    by = ', '.join(f'side {s}' for s in sides) or 'nobody'
    spans = [b for b, _ in times if b is not None], [t for _, t in times if t is not None]
    # The whole is bracketed only by what brackets every act of it.
    earliest = min(spans[0]) if shown and len(spans[0]) == len(shown) else None
    latest = max(spans[1]) if shown and len(spans[1]) == len(shown) else None
    count = f'{len(shown)} act' + ('' if len(shown) == 1 else 's')
    if findings.kind == 'excerpt':
        print(f'Authentic. {count} in this order, by {by}, {bracket(earliest, latest)}.')
        for a, (b, t) in zip(shown, times):
            print(f'  act {a.index}, side {a.author.side}: {a.word}, {bracket(b, t)}')
        open_acts = sum(a.index >= findings.final for a in shown)
        if open_acts == 0:
            print('Every group that is not out has countersigned a record that they stand in: none '
                  'of them can be withdrawn or changed.')
        else:
            print(f'Of {open_acts} of them not every group has countersigned a record that they '
                  'stand in: there the order and the hours rest on the word of the host.')
        for side in record.ring.groups(findings.size):
            if record.log.out(side, findings.size):
                print(f'Side {side} is counted as left out; this file cannot show that it did not '
                      'come back.')
        print('What was left out cannot be known from this file.')
    else:
        print(f'Authentic. The whole record of {count}, in this order, by {by}.')
        known = [t for a, (_, t) in zip(shown, times) if a.index < findings.final and t is not None]
        if findings.final:
            by_when = f' by {moment(max(known))}' if known else ''
            print(f'Every group that was not out has countersigned the first {findings.final} of '
                  f'them{by_when}: none of those can be left out or changed.')
        else:
            print('No part of it has been countersigned by every group: so far it rests on the '
                  'word of the host.')
        print('What is sealed was not opened here: who wrote it and when is checked, not what '
              'it says.')
    print('Compare these fingerprints with what each side publishes:')
    for side, s in sorted(record.ring.sides.items()):
        print(f'  side {side}  {s.root_kid.hex()}')
    print(f'Table {record.ring.table.hex()}, size {findings.size}, root {findings.root.hex()}')


def as_json(findings):
    if isinstance(findings, FraudFindings):
        return fraud_json(findings)
    acts = []
    for a in findings.record.acts:
        before, after = findings.times(a)
        acts.append({'index': a.index, 'leaf': a.leaf.hex(), 'side': a.author.side,
                     'kind': a.word, 'not_before': before, 'not_after': after})
    return {'v': 1, 'ok': True, 'kind': findings.kind, 'table': findings.record.ring.table.hex(),
            'size': findings.size, 'root': findings.root.hex(), 'final': findings.final,
            'countersigned': findings.countersigned,
            'roots': {str(s): side.root_kid.hex()
                      for s, side in sorted(findings.record.ring.sides.items())},
            'acts': acts}


def dump(findings, raw, files, index, secret):
    """One act, as far as it can be read."""
    if isinstance(findings, FraudFindings):
        raise Unreadable('a fraud proof has no acts to show', 'leave --dump out')
    act = next((a for a in findings.record.acts if a.index == index), None)
    if act is None:
        raise Unreadable(f'the file has no act {index}', 'choose one that --json lists')
    env = act.env
    before, after = findings.times(act)
    print(f'act {index}: {act.word}')
    for name, value in (
            ('leaf', act.leaf), ('side', act.author.side), ('author', act.author.kid),
            ('as', 'root' if act.author.is_root else 'seat'), ('term', env.term), ('n', env.n),
            ('prev', env.prev), ('seen size', env.seen_size), ('seen root', env.seen_root),
            ('blob', env.blob), ('blob length', env.blob_length), ('commit', env.commit),
            ('tag', env.tag)):
        print(f'  {name + ":":14}{value.hex() if isinstance(value, bytes) else value}')
    print(f'  {"time:":14}{bracket(before, after)}')
    blob = act.blob
    if blob is None:
        at, size = files['blob/' + env.blob.hex()]
        blob = bytes(raw[at:at + size])
    if env.control == COUNTERSIGN:
        note = note_decode(blob)
        print('  checkpoint:')
        for line in note.body.decode().splitlines():
            print(f'    {line}')
        print(f'    countersigned {moment(int.from_bytes(note.lines[1][2][:8], "big"))}')
    elif env.control == PROCEED and not act.counts:
        print('  it does not count (FORMAT 9)')
    if env.control not in (SEALED, COUNTERSIGN):
        print(f'  fields:       {quoted(cbor_decode(blob))}')
    if env.control == SEALED:
        content = act.content
        if content is None and secret is not None:
            try:
                content = content_open(blob, env, act.author.kid, secret=secret)
            except AgeError as e:
                raise Unreadable(e.what, 'give the identity of a seat that this act is sealed to,'
                                         ' or of its epoch') from None
        if content is None:
            print('  sealed; --identity opens it')
            return
        print(f'  kind:         {content.word}\n  room:         {quoted(content.room)}, epoch '
              f'{content.epoch}\n  claimed time: {moment(content.time)}\n  answers:      '
              f'{content.answers.hex() if content.answers else "nothing"}')
        for number, value in content.items:
            print(f'  {ITEM_WORDS.get(number, number)}: {quoted(value)}')


BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'


def _bech32_sum(hrp, data):
    check = 1
    for v in [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp] + data:
        top = check >> 25
        check = (check & 0x1ffffff) << 5 ^ v
        for i, g in enumerate((0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3)):
            if top >> i & 1:
                check ^= g
    return check


def identity_decode(text):
    """The X25519 secret of an AGE-SECRET-KEY-1... line."""
    hrp, _, data = text.strip().lower().rpartition('1')
    values = [BECH32.find(c) for c in data]
    if hrp != 'age-secret-key-' or len(values) != 58 or -1 in values or \
            _bech32_sum(hrp, values) != 1 or text.strip() not in (text.strip().upper(),
                                                                  text.strip().lower()):
        raise ValueError('no age identity')
    number = 0
    for v in values[:52]:
        number = number << 5 | v
    if number & 15:
        raise ValueError('no age identity')
    return (number >> 4).to_bytes(32, 'big')


def identity_encode(secret):
    number = int.from_bytes(secret, 'big') << 4
    values = [number >> (5 * i) & 31 for i in range(51, -1, -1)]
    check = _bech32_sum('age-secret-key-', values + [0] * 6) ^ 1
    values += [check >> 5 * (5 - i) & 31 for i in range(6)]
    return ('age-secret-key-1' + ''.join(BECH32[v] for v in values)).upper()


def identity_read(path):
    try:
        with open(path, encoding='ascii') as f:
            for line in f:
                if line.strip() and not line.startswith('#'):
                    return identity_decode(line)
    except (OSError, ValueError):
        pass
    raise Unreadable(f'there is no age identity in {path}',
                     'give a file with a line AGE-SECRET-KEY-1…')


# ---- Self-test ---------------------------------------------------------------------------------

def _naive_root(leaves):
    """RFC 6962 section 2.1, word for word."""
    if not leaves:
        return sha256(b'')
    if len(leaves) == 1:
        return sha256(b'\x00', leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b'\x01', _naive_root(leaves[:k]), _naive_root(leaves[k:]))


def _test_tree():
    leaves = [bytes([i]) * i for i in range(40)]
    tree = Tree(leaf_hash(x) for x in leaves)
    for size in range(len(leaves) + 1):
        root = tree.root_at(size)
        assert root == _naive_root(leaves[:size])
        for i in range(size):
            path = tree.inclusion(i, size)
            assert inclusion_check(leaf_hash(leaves[i]), i, size, path, root)
            assert not inclusion_check(leaf_hash(b'no'), i, size, path, root)
            assert not inclusion_check(leaf_hash(leaves[i]), i, size, path + [root], root)
        for old in range(1, size + 1):
            path = tree.consistency(old, size)
            assert consistency_check(old, tree.root_at(old), size, root, path)
            assert old == size or not consistency_check(old, ZEROS32, size, root, path)


def _test_padding():
    for size in list(range(1, 9000)) + [2**20 - 1, 2**20, 2**20 + 1, 3 * 2**22]:
        bucket = padding_bucket(size)
        assert bucket >= size and padding_is_bucket(bucket)
        assert bucket <= 4096 or bucket - size <= size // 8
        if size < 9000 and size % 97 == 0:
            assert padding_strip(padding_put(b'x' * size)) == b'x' * size
    assert [padding_bucket(n) for n in (1, 1024, 1025, 4097)] == [1024, 1024, 2048, 4352]


def _test_cbor():
    for value in (0, 23, 24, 2**64 - 1, -1, -2**63, b'', 'é', [1, [2]], {0: None, 300: True},
                  Tag18([b'a', {}])):
        raw = cbor_encode(value)
        assert cbor_decode(raw) == value
        for cut in range(len(raw)):
            assert _refused(cbor_decode, raw[:cut])
        assert _refused(cbor_decode, raw + b'\x00')
    for bad in ('1817', '190017', '5f4100ff', 'c100', 'd28102d281', 'a2010201', 'a201020103',
                'a2020101', 'a1616101', 'f97e00', 'f7', 'f800', '61ff', '818181818181818181' + '80',
                '82d28000', 'fb7ff0000000000000'):
        assert _refused(cbor_decode, bytes.fromhex(bad)), bad


def _refused(function, *args):
    try:
        function(*args)
    except Broken:
        return True
    return False


def _shared(*path):
    """A file or folder of the public vectors, or None."""
    here = os.path.dirname(os.path.abspath(__file__))
    base = os.environ.get('ENTENTE_SHARED') or os.path.join(here, '..', '..', 'shared')
    full = os.path.join(base, 'vectors', *path)
    return full if os.path.exists(full) else None


def _test_cbor_vectors(path):
    with open(path, encoding='utf-8') as f:
        cases = json.load(f)
    accepted = 0
    for case in cases:
        raw = bytes.fromhex(case['hex'])
        if _refused(cbor_decode, raw):
            continue
        value = cbor_decode(raw)
        assert cbor_encode(value) == raw and case['roundtrip'], case
        if 'decoded' in case and not isinstance(value, dict):
            assert value == case['decoded'], case
        accepted += 1
    assert accepted == APPENDIX_A_ACCEPTED, accepted


APPENDIX_A_ACCEPTED = 33        # of the 82 examples of RFC 8949 the profile takes these


def _test_cbor_invalid(path):
    with open(path, encoding='utf-8') as f:
        for case in json.load(f):
            raw = bytes.fromhex(case['hex'])
            # Text that is not in Unicode's form NFC is the one thing we leave to people.
            assert _refused(cbor_decode, raw) or raw[0] >> 5 == 3, case


def _test_merkle_vectors(folder):
    def plain(text):
        return base64.b64decode(text) if text else b''
    count = 0
    for where, _, names in os.walk(folder):
        for name in names:
            if not name.endswith('.json'):
                continue
            with open(os.path.join(where, name), encoding='utf-8') as f:
                v = json.load(f)
            path = [plain(x) for x in v.get('proof') or []]
            # FORMAT 7: every hash is of 32 bytes, and size 0 is no business of proofs.
            if 'leafIdx' in v:
                hashes, lawful = [plain(v['leafHash']), plain(v['root'])], True
                good = inclusion_check(hashes[0], v['leafIdx'], v['treeSize'], path, hashes[1])
            else:
                hashes, lawful = [plain(v['root1']), plain(v['root2'])], v['size1'] > 0
                good = consistency_check(v['size1'], hashes[0], v['size2'], hashes[1], path)
            lawful = lawful and all(len(h) == 32 for h in hashes)
            assert good == (lawful and not v['wantErr']), (where, name)
            count += 1
    assert count > 100


def _test_age_vectors(folder):
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), 'rb') as f:
            head, _, blob = f.read().partition(b'\n\n')
        keys = [line.decode().split(': ', 1) for line in head.split(b'\n')]
        facts = dict(keys)
        if {'armored', 'passphrase'} & set(facts):
            continue
        if facts.get('compressed') == 'zlib':
            import zlib
            blob = zlib.decompress(blob)
        # A file without an identity is there for its header: any secret will do.
        secrets = [identity_decode(v) for k, v in keys if k == 'identity'] or [ZEROS32]
        got = 'no match'
        for secret in secrets:
            try:
                plain = age_open(blob, secret)
                assert sha256(plain).hex() == facts['payload'], name
                header = age_header_decode(blob)
                assert age_plain_size(len(header.payload)) == len(plain), name
                got = 'success'
            except AgeError as e:
                got = e.failure
            if got != 'no match':
                break
        assert got == facts['expect'], (name, got, facts['expect'])


def self_test():
    _test_tree()
    _test_padding()
    _test_cbor()
    assert age_low_order(bytes(32)) and age_low_order(b'\x01' + bytes(31))
    assert age_low_order(b'\xee' + b'\xff' * 30 + b'\x7f')
    assert not age_low_order(b'\x09' + bytes(31))
    assert identity_decode(identity_encode(bytes(range(32)))) == bytes(range(32))
    assert tile_number(1234067) == 'x001/x234/067'
    okm = hkdf_sha256(b'\x0b' * 22, bytes(range(13)), bytes(range(0xf0, 0xfa)), 42)     # RFC 5869
    assert okm.hex().startswith('3cb25f25faacd57a90434f64d0362f2a')
    print('internal checks: ok')
    for name, path, test in (
            ('CBOR examples', _shared('cbor', 'appendix_a.json'), _test_cbor_vectors),
            ('invalid CBOR', _shared('cbor', 'dcbor', 'invalid.json'), _test_cbor_invalid),
            ('Merkle proofs', _shared('merkle', 'testdata'), _test_merkle_vectors),
            ('age files', _shared('age', 'testdata'), _test_age_vectors)):
        if path:
            test(path)
        print(f'{name}: {"ok" if path else "skipped: no vectors"}')


# ---- Command line ------------------------------------------------------------------------------

class _Parser(argparse.ArgumentParser):
    def error(self, message):
        complain(message, 'the command line', 'see verify.py --help')
        sys.exit(2)


def complain(what, where, mend):
    print(f'verify: {what}\n  where: {where}\n  mend:  {mend}', file=sys.stderr)


def main(argv=None):
    parser = _Parser(prog='verify.py', description='Checks a bundle, an excerpt or a fraud proof of entente.')
    parser.add_argument('file', nargs='?')
    parser.add_argument('--json', action='store_true', help='one JSON object')
    parser.add_argument('--dump', type=int, metavar='INDEX', help='one act in readable form')
    parser.add_argument('--identity', metavar='FILE', help='an age identity that opens its seal')
    parser.add_argument('--self-test', action='store_true', help='checks this program itself')
    args = parser.parse_args(argv)
    if args.self_test:
        if args.file:
            parser.error('--self-test takes no file')
        self_test()
        return 0
    if not args.file:
        parser.error('no file was named')
    if args.identity and args.dump is None:
        parser.error('--identity goes with --dump')
    if args.json and args.dump is not None:
        parser.error('--json and --dump exclude each other')
    try:
        secret = identity_read(args.identity) if args.identity else None
        try:
            with open(args.file, 'rb') as f:
                raw = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as e:
            reason = e.strerror if isinstance(e, OSError) else 'it is empty'
            raise Unreadable(f'the file cannot be read: {reason}', 'check its name and rights') \
                from None
        findings, files = file_check(raw)
        if args.dump is not None:
            dump(findings, raw, files, args.dump, secret)
        elif args.json:
            print(json.dumps(as_json(findings)))
        else:
            say(findings)
        return 0
    except Unreadable as e:
        problem, index, code, where = e, None, 1, args.file
    except Broken as e:
        problem, index, code, where = e, e.index, 4, f'{args.file}, {e.place()}'
    if args.json:
        print(json.dumps({'v': 1, 'ok': False, 'index': index, 'what': problem.what,
                          'where': where, 'mend': problem.mend}))
    if code == 4:
        where_act = f': act {index} does not verify' if index is not None else ''
        complain(f'the record does not verify{where_act}: {problem.what}', where, problem.mend)
    else:
        complain(problem.what, where, problem.mend)
    return code


if __name__ == '__main__':
    sys.exit(main())
