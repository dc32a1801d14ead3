#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tests of tools/verify.py.

A tiny writer of its own makes records (docs/FORMAT.md) with fixed keys: good ones verify; then one
thing is made wrong, and the checker must name the act where it is.
"""
import base64
import contextlib
import copy
import ctypes
import hashlib
import hmac
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tools'))
import verify  # noqa: E402

sodium = ctypes.CDLL('libsodium.so.23')
sodium.sodium_init()
START = 1_800_000_000


# ---- The writer --------------------------------------------------------------------------------

def sha(*parts):
    return hashlib.sha256(b''.join(parts)).digest()


def cbor(value):
    def head(major, n):
        for low, width in ((None, 0), (24, 1), (25, 2), (26, 4), (27, 8)):
            if low is None and n < 24:
                return bytes([major * 32 + n])
            if low and n < 256 ** width:
                return bytes([major * 32 + low]) + n.to_bytes(width, 'big')
        raise ValueError(n)
    if value is None:
        return b'\xf6'
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b''.join(map(cbor, value))
    return head(5, len(value)) + b''.join(cbor(k) + cbor(value[k]) for k in sorted(value))


class Key:
    """An Ed25519 key pair from a label."""

    def __init__(self, label, key_type):
        pk, sk = ctypes.create_string_buffer(32), ctypes.create_string_buffer(64)
        sodium.crypto_sign_seed_keypair(pk, sk, sha(label.encode()))
        self.pk, self.sk = pk.raw, sk.raw
        self.kid = sha(b'entente/v1/kid\0', bytes([key_type]), self.pk)

    def sign(self, message):
        out = ctypes.create_string_buffer(64)
        sodium.crypto_sign_detached(out, None, message, ctypes.c_ulonglong(len(message)), self.sk)
        return out.raw


class SeatKeys:
    def __init__(self, label, post=0):
        self.sign, self.witness = Key(label + '/seat', 2), Key(label + '/witness', 3)
        self.secret, self.post, self.number = sha(label.encode(), b'/age'), post, None
        self.kid = self.sign.kid

    def cbor(self):
        return [self.sign.pk, public(self.secret), self.witness.pk, self.post, 1]


def public(secret):
    out = ctypes.create_string_buffer(32)
    sodium.crypto_scalarmult_base(out, secret)
    return out.raw


def hkdf(ikm, salt, info):
    prk = hmac.new(salt or bytes(32), ikm, 'sha256').digest()
    return hmac.new(prk, info + b'\1', 'sha256').digest()


def encrypt(key, nonce, plain):
    out, n = ctypes.create_string_buffer(len(plain) + 16), ctypes.c_ulonglong()
    sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
        out, ctypes.byref(n), plain, ctypes.c_ulonglong(len(plain)), None, ctypes.c_ulonglong(0),
        None, nonce, key)
    return out.raw


def b64(raw):
    return base64.b64encode(raw).rstrip(b'=')


def age_seal(padded, recipients, count, file_key, share=None, extra=b''):
    """An age file with `count` stanzas, dummies at the end."""
    head = b'age-encryption.org/v1\n'
    for i in range(count):
        secret = sha(file_key, b'ephemeral', bytes([i]))
        to = recipients[i] if i < len(recipients) else public(sha(file_key, b'dummy', bytes([i])))
        mine, shared = public(secret), ctypes.create_string_buffer(32)
        sodium.crypto_scalarmult(shared, secret, to)
        wrap = hkdf(shared.raw, mine + to, b'age-encryption.org/v1/X25519')
        if share and i == count - 1:
            mine = share
        head += b'-> X25519 ' + b64(mine) + b'\n' + b64(encrypt(wrap, bytes(12), file_key)) + b'\n'
    head += extra + b'---'
    mac = hmac.new(hkdf(file_key, b'', b'header'), head, 'sha256').digest()
    nonce = sha(file_key)[:16]
    key, out = hkdf(file_key, nonce, b'payload'), head + b' ' + b64(mac) + b'\n' + nonce
    chunks = [padded[i:i + 65536] for i in range(0, len(padded), 65536)] or [b'']
    for i, chunk in enumerate(chunks):
        out += encrypt(key, i.to_bytes(11, 'big') + bytes([i == len(chunks) - 1]), chunk)
    return out


def tree_root(leaves):
    if len(leaves) < 2:
        return leaves[0] if leaves else sha()
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha(b'\1', tree_root(leaves[:k]), tree_root(leaves[k:]))


def tree_path(leaves, i):
    if len(leaves) == 1:
        return []
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    if i < k:
        return tree_path(leaves[:k], i) + [tree_root(leaves[k:])]
    return tree_path(leaves[k:], i - k) + [tree_root(leaves[:k])]


def tree_consistency(leaves, old, whole=True):
    """RFC 6962 section 2.1.2, word for word: PROOF and SUBPROOF."""
    if old == len(leaves):
        return [] if whole else [tree_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if old <= k:
        return tree_consistency(leaves[:k], old, whole) + [tree_root(leaves[k:])]
    return tree_consistency(leaves[k:], old - k, False) + [tree_root(leaves[:k])]


def seen_size(envelope):
    """Field 5 of a payload that the program under test can read; 0 of one that it cannot."""
    try:
        return verify.envelope_decode(envelope).seen_size
    except verify.Broken:
        return 0


def tar(files, order=None):
    out = b''
    for name in order or sorted(files):
        info = tarfile.TarInfo(name)
        info.size = len(files[name])
        head = bytearray(info.tobuf(tarfile.USTAR_FORMAT))
        head[329:345] = bytes(16)           # some Pythons write device numbers
        head[148:156] = b' ' * 8
        head[148:156] = b'%06o\0 ' % sum(head)
        out += head + files[name] + bytes(-info.size % 512)
    return out + bytes(1024)


class Table:
    """A record that grows.  Every method takes what a test wants to be wrong."""

    def __init__(self, groups=3, grace=3600):
        self.roots = [Key(f'root {s}', 1) for s in range(4)]
        self.hosts = [Key('host 0', 4)]
        self.seats, self.leaves, self.acts, self.chains, self.count = {}, [], [], {}, 0
        self.term = 0
        self.found = cbor({1: 1, 2: 1, 3: self.hosts[0].pk, 4: self.roots[0].pk, 5: 4, 6: 65536,
                           7: grace, 8: bytes(32), 9: sha(b'charter'), 10: groups, 11: 0})
        self.id = sha(b'entente/v1/table\0', self.found)
        self.post(self.roots[0], 1, self.found)

    def post(self, author, control, blob, signer=None, raw=None, key=None, **wrong):
        n, prev, seen = self.chains.get((self.term, author.kid), (0, bytes(32), 0))
        size = wrong.pop('seen_size', len(self.leaves))
        p = {1: 1, 2: self.id, 3: n, 4: prev, 5: size, 6: tree_root(self.leaves[:size]),
             7: sha(blob), 8: len(blob), 9: sha(blob), 10: self.term, 11: control, 12: bytes(16)}
        p |= wrong.pop('fields', {})
        protected, payload = cbor({1: -8, 4: author.kid[:16]}), cbor(p)
        message = cbor(['Signature1', protected, b'entente/v1/act', payload])
        signature = (signer or getattr(author, 'sign_key', author)).sign(message)
        envelope = raw or b'\xd2' + cbor([protected, {}, payload, signature])
        self.chains[self.term, author.kid] = (n + 1, sha(b'\0', envelope), size)
        self.leaves.append(sha(b'\0', envelope))
        self.acts.append((envelope, blob, key))
        return len(self.acts) - 1

    def by_seat(self, seat, control, blob, **wrong):
        author = copy.copy(seat)
        author.sign_key = seat.sign
        return self.post(author, control, blob, **wrong)

    def slip(self, side, seats, root=None, table=None, successors=(), needed=0):
        root = root or self.roots[side]
        body = cbor({1: 1, 2: table or self.id, 3: side, 4: root.pk,
                     5: [s.cbor() for s in seats], 6: [k.pk for k in successors], 7: needed})
        keys = [root] + [k for s in seats for k in (s.sign, s.witness)] + list(successors)
        return [body, [k.sign(b'entente/v1/slip\0' + body) for k in keys]]

    def admit(self, side, seats, author=None, slip=None, **wrong):
        self.seats.setdefault(side, seats)
        return self.post(author or self.roots[0], 2,
                         cbor({1: 1, 2: 1, 3: slip or self.slip(side, seats)}), **wrong)

    def admit_seat(self, side, seat, author=None, signers=None):
        body = cbor({1: 1, 2: self.id, 3: side, 4: seat.cbor()})
        signed = [k.sign(b'entente/v1/seat-slip\0' + body)
                  for k in signers or (seat.sign, seat.witness)]
        return self.post(author or self.roots[side], 2, cbor({1: 1, 2: 2, 3: [body, signed]}))

    def new_root(self, side, root, seats, sponsors, by, table=None, replaced=None, order=None,
                 signers=None):
        """Signed by these successors; posted by a seat."""
        body = cbor({1: 1, 2: table or self.id, 3: side, 4: root.pk, 5: [s.cbor() for s in seats],
                     6: [], 7: 0, 8: (replaced or self.roots[side]).pk})
        message = b'entente/v1/new-root\0' + body
        keys = signers or [root] + [k for s in seats for k in (s.sign, s.witness)]
        signed = sorted([k.pk, k.sign(message)] for k in sponsors)
        return self.by_seat(by, 2, cbor({1: 1, 2: 4, 3: [
            body, [k.sign(message) for k in keys], signed[::order or 1]]}))

    def revoke(self, side, seat):
        return self.post(self.roots[side], 2, cbor({1: 1, 2: 3, 3: seat.kid}))

    def name(self, side, seats, k, keys=None):
        for seat in seats:
            if seat.number is None:
                seat.number, self.count = self.count, self.count + 1
        return self.post(self.roots[side], 3,
                         cbor({1: 1, 2: k, 3: keys or [s.witness.pk for s in seats]}))

    def body(self, size, root=None, term=None):
        root = root or tree_root(self.leaves[:size])
        return (f'entente/{self.id.hex()}/{self.term if term is None else term}\n{size}\n'
                f'{base64.b64encode(root).decode()}\n').encode()

    def line(self, name, key_type, key, message, time=b''):
        kid = sha(name.encode(), b'\n', bytes([key_type]), key.pk)[:4]
        text = base64.b64encode(kid + time + key.sign(message)).decode()
        return f'— {name} {text}\n'.encode()

    def host_line(self, body, host=None, term=None):
        term = self.term if term is None else term
        return self.line(f'entente/{self.id.hex()}/{term}', 1, host or self.hosts[term], body)

    def witness_line(self, body, seat, time, key=None, number=None):
        number = seat.number if number is None else number
        return self.line(f'entente/{self.id.hex()}/w/{number}', 4, key or seat.witness,
                         f'cosignature/v1\ntime {time}\n'.encode() + body, time.to_bytes(8, 'big'))

    def countersign(self, seat, time, size=None, blob=None, **wrong):
        size = len(self.leaves) if size is None else size
        if blob is None:
            body = self.body(size)
            blob = body + b'\n' + self.host_line(body) + self.witness_line(body, seat, time)
        return self.by_seat(seat, 4, blob, seen_size=size, **wrong)

    def proceed(self, seat, side):
        return self.by_seat(seat, 5, cbor({1: 1, 2: side}))

    def seal(self, seat, text='words', kind=14, stanzas=4, share=None, extra=b'', pad=None,
             header=None, commit_of=None, **wrong):
        n = self.chains.get((self.term, seat.kid), (0,))[0]
        h = {1: self.id, 2: seat.kid, 3: n, 4: START, 5: kind, 6: 'plenary', 7: 0, 8: None,
             9: self.term, 10: None} | (header or {})
        entries = [cbor([sha(b'salt')[:16], h]), cbor([sha(b'pepper')[:16], 1, text])]
        place = self.id + seat.kid + self.term.to_bytes(4, 'big') + n.to_bytes(8, 'big')
        commit = tree_root([sha(b'\0', place, p.to_bytes(4, 'big'), e)
                            for p, e in enumerate(commit_of or entries)])
        content = b'\x82' + b''.join(entries)
        padded = content + b'\x80' + bytes((pad or 1024) - len(content) - 1)
        key = sha(b'file key', n.to_bytes(8, 'big'), seat.kid, self.id)[:16]
        blob = age_seal(padded, [public(s.secret) for g in self.seats.values() for s in g], stanzas,
                        key, share, extra)
        return self.by_seat(seat, 0, blob, key=key,
                            fields={9: commit, 12: sha(b'tag')[:16]} | wrong.pop('fields', {}),
                            **wrong)

    def succeed(self, side, host, size, fields=None, **wrong):
        self.term += 1
        index = self.post(self.roots[side], 6,
                          cbor({1: 1, 2: size, 3: tree_root(self.leaves[:size]), 4: host.pk}
                               | (fields or {})), seen_size=size, **wrong)
        self.term -= 1
        return index

    def note(self, size=None, lines=b'', term=None, host=None):
        body = self.body(len(self.leaves) if size is None else size, term=term)
        return body + b'\n' + self.host_line(body, host, term) + lines

    def files(self, note=None):
        out = {'checkpoint': note or self.note()}
        size = len(self.acts)
        assert size < 256
        part = f'000.p/{size}'
        out['tile/entries/' + part] = b''.join(len(e).to_bytes(2, 'big') + e
                                               for e, _, _ in self.acts)
        out['tile/0/' + part] = b''.join(self.leaves)
        for _, blob, _ in self.acts:
            out['blob/' + sha(blob).hex()] = blob
        return out

    def bundle(self, note=None):
        return tar(self.files(note))

    def excerpt_files(self, shown, policy, note=None, size=None):
        size = size or len(self.acts)
        out = {'excerpt': b'entente excerpt v1\n', 'policy': policy}
        for i in shown:
            envelope, blob, key = self.acts[i]
            path = b''.join(base64.b64encode(h) + b'\n' for h in tree_path(self.leaves[:size], i))
            folder = f'act/{i:010}/'
            out[folder + 'envelope'], out[folder + 'blob'] = envelope, blob
            out[folder + 'proof'] = (f'c2sp.org/tlog-proof@v1\nindex {i}\n'.encode() + path + b'\n'
                                     + (note or self.note(size)))
            if key:
                out[folder + 'key'] = key.hex().encode() + b'\n'
            seen = seen_size(envelope)
            if seen:
                out[folder + 'consistency'] = b''.join(
                    base64.b64encode(h) + b'\n' for h in tree_consistency(self.leaves[:size], seen))
        return out

    def policy(self, groups, out=(), gone=()):
        """groups: [(side, k, seats)] in force; out: named as such; gone: not in the table's."""
        def vkey(name, key_type, pk):
            kid = sha(name.encode(), b'\n', bytes([key_type]), pk)[:4].hex()
            return f'{name}+{kid}+{base64.b64encode(bytes([key_type]) + pk).decode()}'
        name = f'entente/{self.id.hex()}'
        text = [f'log {vkey(f"{name}/{self.term}", 1, self.hosts[self.term].pk)}']
        for seat in sorted({s for _, _, seats in groups for s in seats}, key=lambda s: s.number):
            text.append(f'witness w{seat.number} '
                        + vkey(f'{name}/w/{seat.number}', 4, seat.witness.pk))
        for side, k, seats in groups:
            text.append(f'group s{side} {"all" if k == len(seats) else k} '
                        + ' '.join(f'w{s.number}' for s in seats))
        text += [f'# s{s} is out' for s in out]
        text += ['group table all ' + ' '.join(f's{s}' for s, _, _ in groups if s not in gone),
                 'quorum table']
        return ('\n'.join(text) + '\n').encode()


def small():
    """Three groups (one seat; two of three; all of one) and a monitor: 8 acts."""
    t = Table()
    t.admit(0, [SeatKeys('m')])
    t.admit(1, [SeatKeys('n0', 0), SeatKeys('n1', 1), SeatKeys('n2', 2)])
    t.admit(2, [SeatKeys('s')])
    t.admit(3, [SeatKeys('monitor')])
    t.name(0, t.seats[0], 1)
    t.name(1, t.seats[1], 2)
    t.name(2, t.seats[2], 1)
    return t


def played():
    """The small record with sealed acts, countersigned: (m says), all sign, (s says), all sign."""
    t = small()
    m, s, (n0, n1, _) = t.seats[0][0], t.seats[2][0], t.seats[1]
    t.seal(m, 'the first', stanzas=8)                       # 8
    for at, seat in ((100, m), (110, n0), (120, n1), (130, s)):
        t.countersign(seat, START + at)                     # 9 .. 12
    t.seal(s, 'the second', stanzas=8)                      # 13
    for at, seat in ((200, m), (210, n0), (220, n1), (230, s)):
        t.countersign(seat, START + at)                     # 14 .. 17
    return t


class VerifyTest(unittest.TestCase):
    def check(self, raw):
        return verify.file_check(raw)[0]

    def breaks(self, raw, index, word=''):
        with self.assertRaises(verify.Broken) as caught:
            self.check(raw)
        self.assertEqual(caught.exception.index, index, caught.exception.what)
        self.assertIn(word, caught.exception.what)

    def last_breaks(self, t, word):
        self.breaks(t.bundle(), len(t.acts) - 1, word)


class Good(VerifyTest):
    def test_self_test(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            verify.self_test()
        self.assertIn('internal checks: ok', out.getvalue())

    def test_bundle(self):
        t = played()
        f = self.check(t.bundle())
        self.assertEqual((f.kind, f.size, f.root), ('bundle', 18, tree_root(t.leaves)))
        # The second signature of the last to sign, side 2, is over 17 leaves, that of n1, the
        # lesser of the two that side 1 needs, over 16 and of m over 14.
        self.assertEqual(f.final, 14)
        acts = f.record.acts
        # Every group's first time above act 8: 100, 120 (the second of two), 130; two of three.
        self.assertEqual(f.times(acts[8]), (None, START + 120))
        # Below what s had seen: 100, 110 (the second highest), 130.
        self.assertEqual(f.times(acts[13]), (START + 110, START + 220))
        self.assertEqual(f.record.log.not_after(8, 9), None)

    def test_two_parties_agree_on_the_roster(self):
        t = small()
        f = self.check(t.bundle())
        rows = [[s, t.roots[s].kid, k, [x.witness.pk for x in t.seats[s] if k]]
                for s, k in ((0, 1), (1, 2), (2, 1), (3, 0))]
        self.assertEqual(f.record.ring.roster(8), sha(b'entente/v1/roster\0', cbor(rows)))

    def test_many_tiles(self):
        t = small()
        for i in range(260):
            t.revoke(3, t.seats[3][0]) if not i else t.admit_seat(3, SeatKeys(f'x{i}')) \
                if i == 1 else t.by_seat(t.seats[0][0], 5, cbor({1: 1, 2: i % 32}))
        tree = verify.Tree(t.leaves)
        raw = verify.bundle_encode(tree, [e for e, _, _ in t.acts],
                                   {b for _, b, _ in t.acts}, t.note())
        f = self.check(raw)
        self.assertEqual(f.size, 268)
        self.assertEqual([n for n, *_ in verify.tile_names(268)],
                         ['tile/entries/000', 'tile/entries/001.p/12', 'tile/0/000',
                          'tile/0/001.p/12', 'tile/1/000.p/1'])

    def test_revoked_before_and_after(self):
        t = small()
        seat = t.seats[1][2]
        t.seal(seat, stanzas=8)
        t.revoke(1, seat)
        t.admit_seat(1, SeatKeys('n3', 2))
        self.assertEqual(self.check(t.bundle()).size, 11)
        t.seal(seat, stanzas=8)
        self.last_breaks(t, 'revoked')

    @unittest.skipUnless(shutil.which('age'), 'no age command')
    def test_age_opens_it(self):
        t = played()
        with tempfile.TemporaryDirectory() as folder:
            key = os.path.join(folder, 'key')
            with open(key, 'w', encoding='ascii') as f:
                f.write(verify.identity_encode(t.seats[2][0].secret) + '\n')
            run = subprocess.run(['age', '-d', '-i', key], input=t.acts[8][1], check=True,
                                 capture_output=True)
            self.assertIn(b'the first', run.stdout)
            self.assertEqual(len(run.stdout), 1024)


class Bytes(VerifyTest):
    """Flipped, dropped, doubled, reordered."""

    @classmethod
    def setUpClass(cls):
        cls.t = played()
        cls.files = cls.t.files()
        cls.raw = tar(cls.files)

    def flipped(self, name, at, bit=1):
        content = bytearray(self.files[name])
        content[at] ^= bit
        return tar(self.files | {name: bytes(content)})

    def test_every_byte_of_an_envelope(self):
        name = 'tile/entries/000.p/18'
        start = 0
        for i, (envelope, _, _) in enumerate(self.t.acts):
            if i in (0, 8, 9):
                step = 2 if i == 8 else 11
                for at in range(start + 2, start + 2 + len(envelope), step):
                    self.breaks(self.flipped(name, at), i)
            start += 2 + len(envelope)

    def test_each_file(self):
        owner = {'blob/' + sha(b).hex(): i for i, (_, b, _) in enumerate(self.t.acts)}
        for name, content in self.files.items():
            for at in {0, len(content) // 3, len(content) // 2, len(content) - 1}:
                with self.subTest(name=name, at=at):
                    if name in owner:
                        self.breaks(self.flipped(name, at), owner[name])
                    else:
                        with self.assertRaises(verify.Broken):
                            self.check(self.flipped(name, at))

    def test_header_bytes(self):
        first = 0
        for at in (0, 5, 99, 100, 106, 107, 108, 116, 124, 134, 136, 148, 155, 156, 157, 263, 264,
                   265, 297, 329, 337, 345, 511):
            raw = bytearray(self.raw)
            raw[first + at] ^= 1
            with self.assertRaises(verify.Broken):
                self.check(bytes(raw))

    def test_archive(self):
        for raw in (self.raw + bytes(512), self.raw[:-512], self.raw[:-1], self.raw + b'x',
                    self.raw[:1500], tar(self.files, sorted(self.files)[::-1]),
                    tar(self.files, sorted(self.files)[:1] + sorted(self.files))):
            with self.assertRaises(verify.Broken):
                self.check(raw)
        end = len(next(iter(sorted(self.files.items())))[1])
        raw = bytearray(self.raw)
        raw[512 + end] = 1                  # padding behind the first file
        self.breaks(bytes(raw), None, 'between')

    def test_files_missing_and_more(self):
        for name in self.files:
            with self.assertRaises(verify.Broken):
                self.check(tar({n: c for n, c in self.files.items() if n != name}))
        self.breaks(tar({n: c for n, c in self.files.items()
                         if n != 'blob/' + sha(self.t.acts[7][1]).hex()}), 7, 'missing')
        for name in ('blob/' + sha(b'x').hex(), 'tile/1/000.p/1', 'outbox/1', 'aaa'):
            self.breaks(tar(self.files | {name: b'x'}), None, 'belongs to no act')

    def test_acts_dropped_doubled_swapped(self):
        def variant(order):
            t = copy.deepcopy(self.t)
            t.acts = [t.acts[i] for i in order]
            t.leaves = [t.leaves[i] for i in order]
            return t.bundle()
        whole = list(range(18))
        self.breaks(variant(whole[1:]), 0)
        self.breaks(variant(whole[:8] + whole[9:]), 8, 'number')
        self.breaks(variant(whole[:10] + [9] + whole[10:]), 10)
        self.breaks(variant([0, 2, 1] + whole[3:]), 1)
        self.breaks(variant(whole[:16] + [17, 16]), 16)
        # The end cut off, under the old checkpoint and under one of the host's.
        t = copy.deepcopy(self.t)
        note = t.note()
        t.acts.pop(), t.leaves.pop()
        with self.assertRaises(verify.Broken):
            self.check(t.bundle(note))
        self.assertEqual(self.check(t.bundle()).size, 17)

    def test_checkpoint(self):
        t = self.t
        for note in (t.note(host=Key('another', 4)), t.note(17), t.note(term=0, lines=b'x\n'),
                     t.note().replace(b'\n18\n', b'\n018\n'), t.note() + b'\n',
                     t.note()[:-1], t.note().replace('—'.encode(), b'-')):
            with self.assertRaises(verify.Broken) as caught:
                self.check(t.bundle(note))
            self.assertIsNone(caught.exception.index)
        body = t.body(18)
        m = t.seats[0][0]
        self.check(t.bundle(t.note(lines=t.witness_line(body, m, START + 900))))
        bad = t.witness_line(body, m, START).replace(b'A', b'B', 1)
        wrong = t.witness_line(b'another' + body, m, START)
        for line in (bad, wrong):
            if line == bad and bad == t.witness_line(body, m, START):
                continue
            with self.assertRaises(verify.Broken):
                self.check(t.bundle(t.note(lines=line)))

    def test_tree_of_another_order(self):
        files = dict(self.files)
        tile = files['tile/0/000.p/18']
        files['tile/0/000.p/18'] = tile[32:64] + tile[:32] + tile[64:]
        self.breaks(tar(files), None, 'tile')


class Rules(VerifyTest):
    """Properly signed acts that break a rule."""

    @classmethod
    def setUpClass(cls):
        cls.base = small()
        cls.full = played()

    def setUp(self):
        self.t = copy.deepcopy(self.base)
        self.m, self.s = self.t.seats[0][0], self.t.seats[2][0]
        self.n0, self.n1, self.n2 = self.t.seats[1]

    def test_envelopes(self):
        blob = cbor({1: 1, 2: 2})
        for word, fields in (
                ('number', {3: 1, 4: sha(b'x')}), ('names a previous', {4: sha(b'x')}),
                ('seen', {5: 9}), ('another tree', {6: sha(b'x')}),
                ('another table', {2: sha(b'x')}),
                ('term', {10: 1}), ('blob', {8: 6}), ('blob', {7: sha(b'x'), 9: sha(b'x')}),
                ('commit', {9: sha(b'x')}), ('tag', {12: sha(b'x')[:16]}), ('founding', {11: 1}),
                ('control kind', {11: 7}), ('version', {1: 2}), ('root alone', {11: 3})):
            t = copy.deepcopy(self.t)
            t.by_seat(t.seats[0][0], 5, blob, fields=fields)
            with self.subTest(word=word, fields=list(fields)):
                self.last_breaks(t, word)
        for word, fields in (('number', {3: 2}), ('number', {3: 0, 4: bytes(32)}),
                             ('follow', {4: sha(b'x')}), ('seen more', {5: 3, 6: None})):
            t = copy.deepcopy(self.t)
            if 6 in fields:
                fields[6] = tree_root(t.leaves[:3])
            t.by_seat(t.seats[0][0], 5, blob)
            t.by_seat(t.seats[0][0], 5, blob, fields=fields)
            with self.subTest(word=word, fields=list(fields)):
                self.last_breaks(t, word)

    def test_authors(self):
        stranger = SeatKeys('stranger')
        for word, act in (
                ('never admitted', lambda t: t.by_seat(stranger, 5, cbor({1: 1, 2: 2}))),
                ('no act for a root', lambda t: t.post(t.roots[1], 5, cbor({1: 1, 2: 2}))),
                ('signature', lambda t: t.by_seat(t.seats[0][0], 5, cbor({1: 1, 2: 2}),
                                                  signer=stranger.sign))):
            t = copy.deepcopy(self.t)
            act(t)
            self.last_breaks(t, word)

    def test_envelope_forms(self):
        t = self.t
        t.by_seat(self.m, 5, cbor({1: 1, 2: 2}))
        good = t.acts[-1][0]
        for bad in (good + b'\0', b'\xd1' + good[1:], good.replace(b'\xa0', b'\xa1\x01\x01', 1),
                    good[1:], b'\xd2\x98\x04' + good[2:], good + bytes(4096), good[:-1]):
            u = copy.deepcopy(t)
            u.acts[-1] = (bad, *u.acts[-1][1:])
            u.leaves[-1] = sha(b'\0', bad)
            self.last_breaks(u, '')

    def test_admissions(self):
        new = SeatKeys('new')
        other = Table(groups=4)
        for word, act in (
                ('joined already', lambda t: t.admit(1, [new])),
                ('alone', lambda t: t.admit(5, [new], author=t.roots[1],
                                            slip=t.slip(5, [new], root=Key('r5', 1)))),
                ('another table', lambda t: t.admit(
                    5, [new], slip=other.slip(5, [new], root=Key('r5', 1)))),
                ('not signed', lambda t: t.admit(5, [new], slip=[
                    t.slip(5, [new], root=Key('r5', 1))[0],
                    t.slip(5, [new], root=Key('r6', 1))[1]])),
                ('length', lambda t: t.admit(5, [new], slip=[
                    t.slip(5, [new], root=Key('r5', 1))[0],
                    t.slip(5, [new], root=Key('r5', 1))[1][:2]])),
                ('knows already', lambda t: t.admit(
                    5, [t.seats[0][0]], slip=t.slip(5, [t.seats[0][0]], root=Key('r5', 1)))),
                ('do not go', lambda t: t.admit(5, [new], slip=t.slip(5, [new], root=t.roots[0]))),
                ('knows already', lambda t: t.admit(
                    5, [new], slip=t.slip(5, [new], root=t.roots[2]))),
                ('twice', lambda t: t.admit(5, [new, SeatKeys('newer')], slip=t.slip(
                    5, [new, SeatKeys('newer')], root=Key('r5', 1)))),
                ('number', lambda t: t.admit(32, [new], slip=t.slip(
                    32, [new], root=Key('r5', 1)))),
                ('own side', lambda t: t.admit_seat(1, SeatKeys('n4', 4), author=t.roots[2])),
                ('held', lambda t: t.admit_seat(1, SeatKeys('n4', 2))),
                ('not signed', lambda t: t.admit_seat(1, SeatKeys('n4', 4),
                                                      signers=(new.sign, new.witness))),
                ('no seat', lambda t: t.revoke(1, new)),
                ('own side', lambda t: t.revoke(1, t.seats[2][0])),
                ('revoked already', lambda t: (t.revoke(1, t.seats[1][1]),
                                               t.revoke(1, t.seats[1][1])))):
            t = copy.deepcopy(self.t)
            t.roots += [Key('r5', 1), Key('r5', 1)]
            act(t)
            with self.subTest(word=word):
                self.last_breaks(t, word)

    def test_new_roots(self):
        """A lost root: 2 of 3 successors put another in its place."""
        old = [Key(f'successor {i}', 1) for i in range(3)]
        t0 = copy.deepcopy(self.t)
        t0.roots += [Key('r4', 1)] * 2
        t0.admit(5, [SeatKeys('s5', 0), SeatKeys('s5e', 1)],
                 slip=t0.slip(5, [SeatKeys('s5', 0), SeatKeys('s5e', 1)], successors=old, needed=2))
        new, seat, by = Key('r5 new', 1), SeatKeys('s5 new', 0), t0.seats[2][0]
        for word, more in (
                ('too few', {'sponsors': old[:1]}),
                ('did not name', {'sponsors': [old[0], Key('x', 1)]}),
                ('ascending', {'order': -1}),
                ('another table', {'table': bytes(32)}),
                ('not its side', {'replaced': Key('x', 1)}),
                ('in its own place', {'replaced': new}),
                ('not signed', {'signers': [new, seat.sign, seat.sign]}),
                ('own', {'seats': [SeatKeys('s5 new', 1)]}),
                ('knows already', {'root': t0.roots[2]}),
                ('no successors', {'side': 1}),
                ('not joined', {'side': 4})):
            t = copy.deepcopy(t0)
            t.new_root(**{'side': 5, 'root': new, 'seats': [seat], 'sponsors': old[:2], 'by': by,
                          **more})
            with self.subTest(word=word):
                self.last_breaks(t, word)
        t0.new_root(5, new, [seat], old[1:], by)
        envoy, gone = t0.seats[5][1], t0.seats[5][0]
        t = copy.deepcopy(t0)
        t.post(t.roots[5], 2, cbor({1: 1, 2: 3, 3: envoy.kid}))
        self.last_breaks(t, 'had been replaced')
        t = copy.deepcopy(t0)
        t.by_seat(gone, 5, cbor({1: 1, 2: 1}))
        self.last_breaks(t, 'revoked')
        t = copy.deepcopy(t0)
        t.by_seat(by, 2, cbor({1: 1, 2: 3, 3: envoy.kid}))
        self.last_breaks(t, 'a root alone')
        t0.by_seat(envoy, 5, cbor({1: 1, 2: 1}))
        t0.roots[5] = new
        t0.revoke(5, envoy)
        self.assertEqual(self.check(t0.bundle()).size, len(t0.leaves))

    def test_namings(self):
        for word, act in (
                ('majority', lambda t: t.name(1, t.seats[1][:2], 1)),
                ('range', lambda t: t.name(1, t.seats[1][:2], 3)),
                ('none', lambda t: t.post(t.roots[1], 3, cbor({1: 1, 2: 1, 3: []}))),
                ('distinct', lambda t: t.name(1, [], 2, [t.seats[1][0].witness.pk] * 2)),
                ('no seat', lambda t: t.name(1, [], 1, [t.seats[0][0].witness.pk])),
                ('no seat', lambda t: (t.revoke(1, t.seats[1][0]),
                                       t.name(1, t.seats[1][:1], 1))),
                ('policy group', lambda t: t.name(3, t.seats[3], 1))):
            t = copy.deepcopy(self.t)
            act(t)
            with self.subTest(word=word):
                self.last_breaks(t, word)

    def test_countersignatures(self):
        t, m, n0 = self.t, self.m, self.n0
        body = t.body(8)
        host, mine = t.host_line(body), t.witness_line(body, m, START)
        other = t.body(8, root=sha(b'x'))
        for word, blob in (
                ('two lines', body + b'\n' + host),
                ('two lines', body + b'\n' + host + mine + t.witness_line(body, n0, START)),
                ('host', body + b'\n' + mine + host),
                ('host', body + b'\n' + t.host_line(body, Key('x', 4)) + mine),
                ('own key', body + b'\n' + host + t.witness_line(body, n0, START)),
                ('own key', body + b'\n' + host + t.witness_line(body, m, START, n0.witness)),
                ('own key', body + b'\n' + host + t.witness_line(body, m, START, number=7)),
                ('own key', body + b'\n' + host + t.witness_line(body, m, verify.SECONDS_MAX + 1)),
                ('another tree', other + b'\n' + t.host_line(other)
                 + t.witness_line(other, m, START)),
                ('another table', t.body(8, term=1) + b'\n' + host + mine),
                ('three lines', body + b'more\n\n' + host + mine),
                ('signed note', body + host + mine)):
            u = copy.deepcopy(t)
            u.countersign(u.seats[0][0], START, blob=blob)
            with self.subTest(word=word):
                self.last_breaks(u, word)
        u = copy.deepcopy(t)
        u.seats[3][0].number = 5
        u.countersign(u.seats[3][0], START)
        self.last_breaks(u, 'nobody has named')
        u = copy.deepcopy(t)
        u.countersign(m, START)
        u.countersign(m, START - 1)
        self.last_breaks(u, 'later time')
        u = copy.deepcopy(t)
        u.countersign(m, START)
        u.countersign(m, START, size=8)
        self.assertEqual(self.check(u.bundle()).size, 10)
        u.countersign(m, START, size=7)
        self.last_breaks(u, 'seen more')

    def test_seals(self):
        low = bytes(32)
        grease = b'-> grease\n\n'
        for word, wrong in (
                ('stanzas', {'stanzas': 7}), ('low order', {'share': low}),
                ('low order', {'share': b'\xed' + b'\xff' * 30 + b'\x7f'}),
                ('not X25519', {'stanzas': 7, 'extra': grease}), ('bucket', {'pad': 1025}),
                ('bucket', {'pad': 4097}), ('age header', {'extra': b'->\n\n'})):
            t = copy.deepcopy(self.t)
            t.seal(self.m, **({'stanzas': 8} | wrong))
            with self.subTest(word=word, wrong=list(wrong)):
                self.last_breaks(t, word)
        for text, pad in (('x' * 2000, 3072), ('x' * 70000, 73728)):
            t = copy.deepcopy(self.t)
            t.seal(self.m, text, pad=pad, stanzas=8)
            if pad < 65536:
                self.check(t.bundle())
            else:
                self.last_breaks(t, 'over its limit')

    def test_successions(self):
        t = copy.deepcopy(self.full)
        host = Key('host 1', 4)
        w = len(t.acts)
        for side in (2, 0):         # the monitor, side 3, has no group and is not asked
            t.succeed(side, host, w)
        idle = copy.deepcopy(t)
        idle.succeed(3, host, w)
        self.last_breaks(idle, 'no voice')
        incomplete = copy.deepcopy(t)
        incomplete.seal(t.seats[0][0], stanzas=8)
        self.last_breaks(incomplete, 'not complete')
        t.hosts.append(host)
        self.assertEqual(self.check(t.bundle(t.note(term=1))).record.term, 0)
        t.succeed(1, host, w)
        t.term = 1
        t.countersign(t.seats[0][0], START + 300)
        t.seal(t.seats[2][0], stanzas=8)
        f = self.check(t.bundle())
        self.assertEqual((f.record.term, f.record.ring.hosts[1]), (1, (w, host.pk)))
        old = copy.deepcopy(t)
        old.term = 0
        self.breaks(old.bundle(), None, 'term')
        old.seal(t.seats[2][0], stanzas=8)
        self.breaks(old.bundle(t.note()), None)
        u = copy.deepcopy(t)
        u.succeed(1, Key('host 2', 4), len(u.acts) - 1)
        self.last_breaks(u, 'where it stands')
        u = copy.deepcopy(t)
        u.succeed(1, t.hosts[0], len(u.acts))
        self.last_breaks(u, 'old key')
        for word, second in (('one succession', lambda u: u.succeed(0, Key('x', 4), w)),
                             ('no voice', lambda u: u.succeed(2, host, w)),
                             ('another tree', lambda u: u.succeed(
                                 0, host, w, fields={3: sha(b'x')}))):
            u = copy.deepcopy(self.full)
            u.succeed(2, host, w)
            second(u)
            self.last_breaks(u, word)

    def test_proceed_without(self):
        t = Table(grace=3600)
        t.admit(0, [SeatKeys('m')])
        t.admit(1, [SeatKeys('n')])
        t.admit(2, [SeatKeys('s')])
        for side in range(3):
            t.name(side, t.seats[side], 1)
        m, n, s = (t.seats[i][0] for i in range(3))
        for seat in (m, n, s):
            t.countersign(seat, START)                      # 7, 8, 9
        for seat in (m, n):
            t.countersign(seat, START + 10)                 # 10, 11
        early = t.proceed(m, 2)                             # 12
        for seat in (m, n):
            t.countersign(seat, START + 3610)               # 13, 14
        own = t.proceed(s, 2)                               # 15
        good = t.proceed(m, 2)                              # 16
        for seat in (m, n):
            t.countersign(seat, START + 3700)               # 17, 18
        f = self.check(t.bundle())
        self.assertEqual([f.record.acts[i].counts for i in (early, own, good)],
                         [False, False, True])
        log = f.record.log
        self.assertEqual([log.out(2, x) for x in (16, 17, 19)], [False, True, True])
        self.assertEqual(f.final, 17)
        policy = verify.policy_text(f.record, 19)
        self.assertEqual(policy.encode(), t.policy([(0, 1, [m]), (1, 1, [n]), (2, 1, [s])], [2], [2]))
        t.countersign(s, START + 3800)                      # 19: back again
        f = self.check(t.bundle())
        self.assertEqual([f.record.log.out(2, x) for x in (19, 20)], [True, False])


class Excerpts(VerifyTest):
    def setUp(self):
        self.t = played()
        t = self.t
        self.groups = [(0, 1, t.seats[0]), (1, 2, t.seats[1]), (2, 1, t.seats[2])]
        self.policy = t.policy(self.groups)
        body = t.body(18)
        n0, n1, _ = t.seats[1]
        self.note = t.note(lines=b''.join(
            t.witness_line(body, x, START + 400) for x in (t.seats[0][0], n0, n1, t.seats[2][0])))
        self.shown = [i for i in range(18) if i != 13]

    def make(self, shown=None, policy=None, note=None, changes=None):
        files = self.t.excerpt_files(shown or self.shown, policy or self.policy,
                                     note or self.note)
        for name, content in (changes or {}).items():
            files[name] = content
        return tar({n: c for n, c in files.items() if c is not None})

    def test_good(self):
        f = self.check(self.make())
        self.assertEqual(f.kind, 'excerpt')
        self.assertTrue(f.countersigned)
        self.assertEqual(f.final, 18)
        self.assertEqual([(a.index, a.word, a.content.items) for a in f.shown],
                         [(8, 'say', [(1, 'the first')])])
        self.assertEqual(f.times(f.shown[0]), (None, START + 120))
        f = self.check(self.make(note=self.t.note()))
        self.assertFalse(f.countersigned)
        # Without countersign acts no hour is known, and none is made up.
        f = self.check(self.make(shown=list(range(8)) + [13]))
        self.assertEqual(f.times(f.shown[0]), (None, None))

    def test_control_acts_left_out(self):
        self.breaks(self.make(shown=self.shown[1:]), 0, 'founding')
        for gone, first in ((1, 2), (2, 3), (3, 4)):
            self.breaks(self.make(shown=[i for i in self.shown if i != gone]), first)
        # The last acts of a root can be left out unseen, but then the policy is another.
        self.breaks(self.make(shown=[i for i in self.shown if i not in (7, 12, 17)]), None,
                    'policy')

    def test_policy(self):
        weaker = self.t.policy([(0, 1, self.t.seats[0]), (1, 2, self.t.seats[1])])
        self.breaks(self.make(policy=weaker), None, 'policy')
        self.breaks(self.make(policy=self.policy + b'\n'), None, 'policy')

    def test_each_part(self):
        files = self.t.excerpt_files(self.shown, self.policy, self.note)
        for name, content in files.items():
            places = range(0, len(content), 17) if '0000000008/' in name and len(content) < 700 \
                else {0, len(content) // 2, len(content) - 1}
            for at in places:
                flipped = bytearray(content)
                flipped[at] ^= 1
                with self.subTest(name=name, at=at):
                    raw = self.make(changes={name: bytes(flipped)})
                    if name.startswith('act/') and not name.endswith('proof'):
                        self.breaks(raw, int(name[4:14]))
                    else:
                        with self.assertRaises(verify.Broken):
                            self.check(raw)
            with self.assertRaises(verify.Broken):
                self.check(self.make(changes={name: None}) if name != 'excerpt' else
                           self.make(changes={name: b'entente excerpt v2\n'}))

    def test_proofs(self):
        t = self.t
        files = t.excerpt_files(self.shown, self.policy, self.note)
        name = 'act/0000000008/proof'
        self.breaks(self.make(changes={name: files['act/0000000009/proof']}), 8, 'another place')
        self.breaks(self.make(changes={name: t.excerpt_files([8], b'', t.note())[name]}), 8,
                    'another checkpoint')
        self.breaks(self.make(changes={name: files[name].replace(b'\nindex', b'\nextra eA==\nindex')
                                       }), 8, 'malformed')
        self.breaks(self.make(changes={name: files[name].replace(b'index 8', b'index 08')}), 8)
        forged = t.note(host=Key('another host', 4))
        self.breaks(self.make(note=forged), None, 'host')
        for extra in ('act/0000000009/key', 'act/0000000009/x', 'x'):
            with self.assertRaises(verify.Broken):
                self.check(self.make(changes={extra: b'00' * 16 + b'\n'}))

    def test_contents_that_lie(self):
        n = SeatKeys('n0').kid
        for word, wrong in (
                ('another author', {'header': {2: n}}), ('another act', {'header': {3: 7}}),
                ('another act', {'header': {9: 1}}), ('another table', {'header': {1: sha(b'x')}}),
                ('commits to', {'commit_of': [cbor([bytes(16), {}])]}),
                ('room', {'header': {6: 'corridor'}}), ('padding', {'pad': 2048}),
                ('header', {'header': {11: 1}})):
            t = small()
            index = t.seal(t.seats[0][0], stanzas=8, **wrong)
            self.check(t.bundle())          # sealed, nobody can tell
            raw = tar(t.excerpt_files(range(9), t.policy(
                [(0, 1, t.seats[0]), (1, 2, t.seats[1]), (2, 1, t.seats[2])])))
            with self.subTest(word=word):
                self.breaks(raw, index, word)

    def test_left_out_and_new_host(self):
        t = small()
        m, s, (n0, n1, _) = t.seats[0][0], t.seats[2][0], t.seats[1]
        for seat in (m, n0, n1, s):
            t.countersign(seat, START)                          # 8 .. 11
        for later in (0, 3600):
            for seat in (m, n0, n1):
                t.countersign(seat, START + later)              # 12 .. 17
        t.proceed(m, 2)                                         # 18
        groups = [(0, 1, t.seats[0]), (1, 2, t.seats[1]), (2, 1, t.seats[2])]
        t.seal(n0, 'without them', stanzas=8)                   # 19
        whole = list(range(20))
        f = self.check(tar(t.excerpt_files(whole, t.policy(groups, [2]))))
        self.assertTrue(f.record.log.out(2, 20))
        self.breaks(tar(t.excerpt_files(whole, t.policy(groups))), None, 'policy')
        # Without the acts that make it count, the side is not out.
        few = [i for i in whole if i not in (15, 16, 17)]
        self.breaks(tar(t.excerpt_files(few, t.policy(groups, [2]))), None, 'policy')
        self.check(tar(t.excerpt_files(few, t.policy(groups))))
        host = Key('host 1', 4)
        for side in (1, 0):
            t.succeed(side, host, 20)                           # 20, 21
        t.hosts.append(host)
        t.term = 1
        t.seal(n0, 'with a new host', stanzas=8)                # 22
        whole = list(range(23))
        f = self.check(tar(t.excerpt_files(whole, t.policy(groups, [2]))))
        self.assertEqual((f.record.term, f.shown[-1].content.items[0][1]), (1, 'with a new host'))
        for gone in (20, 21):
            raw = tar(t.excerpt_files([i for i in whole if i != gone], t.policy(groups, [2])))
            with self.assertRaises(verify.Broken):
                self.check(raw)

    def test_honest_countersignatures_in_a_fork(self):
        # The host and one seat put a new act under countersign acts that were given to the real
        # tree: none of them may vouch for it.
        t = self.t
        fork = copy.deepcopy(t)
        fork.leaves, fork.acts = fork.leaves[:13], fork.acts[:13]
        s = t.seats[2][0]
        fork.chains[0, s.kid] = (0, bytes(32), 0)
        mark = len(fork.acts)
        fork.leaves, fork.acts = fork.leaves[:8], fork.acts[:8]
        fork.seal(s, 'never said', stanzas=8)               # 8, in place of what m said there
        fork.acts += t.acts[9:mark]
        fork.leaves += t.leaves[9:mark]
        shown = [i for i in range(mark) if i != 12]         # all but the act of s that follows
        self.assertEqual(len(fork.acts), 13)
        raw = tar(fork.excerpt_files(shown, fork.policy(self.groups)))
        self.breaks(raw, 9, 'goes on from')
        f = self.check(tar(fork.excerpt_files(range(9), fork.policy(self.groups))))
        self.assertEqual((f.times(f.shown[0]), f.final), ((None, None), 5))     # before there was a group

    def test_consistency(self):
        files = self.t.excerpt_files(self.shown, self.policy, self.note)
        name = 'act/0000000014/consistency'
        for text, word in ((None, 'missing'), (b'', 'malformed'), (files[name][:-1], 'malformed'),
                           (files[name].replace(b'=', b''), 'malformed'),
                           (files[name] * 40, 'malformed'),
                           (files['act/0000000009/consistency'], 'goes on from')):
            self.breaks(self.make(changes={name: text}), 14, word)
        self.breaks(self.make(changes={'act/0000000000/consistency': files[name]}), 0, 'no tree')
        self.breaks(self.make(changes={'act/0000000008/consistency': files[name]}), 8)

    def test_two_worlds(self):
        # Two acts that cite different trees of one size cannot both be honest.
        t = small()
        t.seal(t.seats[0][0], stanzas=8)
        t.seal(t.seats[2][0], stanzas=8, seen_size=8, fields={6: sha(b'another tree')})
        raw = tar(t.excerpt_files(range(10), t.policy(
            [(0, 1, t.seats[0]), (1, 2, t.seats[1]), (2, 1, t.seats[2])])))
        self.breaks(raw, 9, 'goes on from')


class Times(unittest.TestCase):
    """Section 9 again, from its words, on random logs."""

    class Ring:
        """What WitnessLog asks of a keyring."""

        def __init__(self, namings, grace):
            self.all, self.found = namings, type('Found', (), {'grace': grace})

        def naming(self, side, at):
            acts = [a for a in self.all if a[0] < at and a[1] == side]
            return acts[-1][2:] if acts else None

        def groups(self, at):
            return {s: self.naming(s, at) for s in sorted({a[1] for a in self.all if a[0] < at})}

    def one(self, seed):
        rng = random.Random(seed)
        sides = rng.randint(2, 4)
        owner = [s for s in range(sides) for _ in range(3)]
        namings, signs, proceeds, size = [], [], [], rng.randint(20, 40)
        ring = self.Ring(namings, 50)
        log = verify.WitnessLog(ring)
        now, last = 1000, {}

        def out(side, s):
            return any(p < s and not any(p < c[0] < s and owner[c[1]] == side for c in signs)
                       for p, q in proceeds if q == side)

        for i in range(size):
            act = rng.random()
            now += rng.randint(0, 30)
            if i < sides or act < 0.1:
                side = i if i < sides else rng.randrange(sides)
                pool = [n for n in range(len(owner)) if owner[n] == side]
                chosen = rng.sample(pool, rng.randint(1, 3))
                namings.append((i, side, rng.randint(len(chosen) // 2 + 1, len(chosen)), chosen))
            elif act < 0.75:
                n = rng.randrange(len(owner) - 3 * (seed % 2))
                known = any(n in a[3] for a in namings)
                low, time = last.get(n, (0, 0))
                seen, time = rng.randint(low, i), max(time, now + rng.randint(-20, 20))
                seat = type('S', (), {'number': n if known else None, 'side': owner[n]})
                if not known:
                    self.assertTrue(verify._refused(log.countersign, i, seat, seen, time))
                    continue
                log.countersign(i, seat, seen, time)
                last[n] = (seen, time)
                signs.append((i, n, seen, time))
            elif act < 0.9:
                side, author = rng.randrange(sides), rng.randrange(sides)
                groups = ring.groups(i)
                start = max([c[0] for c in signs if owner[c[1]] == side], default=-1)
                good = 0
                for g in groups:
                    mine = [(c[1], c[3]) for c in signs if owner[c[1]] == g and c[0] > start]
                    good += g != side and any(k == q and abs(a - b) >= 50
                                              for k, a in mine for q, b in mine)
                counts = side in groups and author in groups and author != side and \
                    good >= (1 if len(groups) == 2 else 2)
                self.assertEqual(log.proceed(i, author, side), counts)
                if counts:
                    proceeds.append((i, side))
        for at in range(0, size + 1, 3):
            groups = ring.groups(at)
            inside = [g for g in groups if not out(g, at)]
            for i in range(0, size, 2):
                def first(n):
                    return min([(c[0], c[3]) for c in signs if c[1] == n and c[2] > i
                                and c[0] < at], default=(0, None))[1]

                def latest(n):
                    return max([(c[0], c[3]) for c in signs if c[1] == n and c[0] < min(i, at)],
                               default=(0, None))[1]

                def by(time):       # the groups whose first time above i is <= time
                    return sum(sum(first(n) is not None and first(n) <= time for n in groups[g][1])
                               >= groups[g][0] for g in inside)

                def since(time):
                    return sum(sum(latest(n) is not None and latest(n) >= time
                                   for n in groups[g][1]) >= groups[g][0] for g in inside)
                moments = sorted({c[3] for c in signs})
                t = next((x for x in moments if 2 * by(x) > len(inside)), None)
                b = next((x for x in moments[::-1] if 2 * since(x) > len(inside)), None)
                self.assertEqual(log.not_after(i, at), t)
                self.assertEqual(log.not_before(i, at), b)

            def covers(g, s):
                k, numbers = ring.naming(g, s)
                return out(g, s) or k <= sum(
                    any(c[1] == n and c[2] >= s and c[0] < at for c in signs) for n in numbers)
            want = max(s for s in range(at + 1)
                       if all(covers(g, s) for g in ring.groups(s))) if groups else 0
            self.assertEqual(log.final(at), want)

    def test_random_logs(self):
        for seed in range(10):
            with self.subTest(seed=seed):
                self.one(seed)


def known_answers(name):
    with open(os.path.join(ROOT, 'tests', 'vectors', name), encoding='utf-8') as f:
        return json.load(f)


class Vectors(unittest.TestCase):
    """The known answers that the C program is held to."""

    def test_record(self):
        v = known_answers('record.json')
        pk = bytes.fromhex(v['names']['pk'])
        self.assertEqual([verify.kid(t, pk).hex() for t in (1, 2, 3, 4)], v['names']['kids'])
        self.assertEqual(verify.table_id(b'F').hex(), v['names']['table_of_F'])
        for case in v['padding']:
            padded = verify.padding_put(b'x' * case['content'])
            self.assertEqual(len(padded), case['padded'])
            self.assertEqual(len(verify.padding_strip(padded)), case['content'])
        for case in v['tags']:
            self.assertEqual(case['tag'], verify.act_tag(
                bytes.fromhex(case['room_key']), bytes.fromhex(case['author']), case['term'],
                int(case['n'])).hex())
        for case in v['room_keys']:
            self.assertEqual(case['key'], verify.room_key(
                bytes.fromhex(case['secret']), bytes.fromhex(case['table']), case['room'],
                case['number']).hex())
        for case in v['commits']:
            c = verify.content_decode(bytes.fromhex(case['content']))
            self.assertEqual(case['commit'], verify.commit_root(
                c.table, c.author, c.term, c.n, c.entries).hex())

    def test_notes(self):
        v = known_answers('record.json')['notes']
        table = bytes.fromhex(v['table'])
        host = base64.b64decode(v['host_vkey'].split('+', 2)[2])[1:]
        witness = base64.b64decode(v['witness_vkey'].split('+', 2)[2])[1:]
        name = verify.witness_name(table, v['witness_number'])
        self.assertEqual(verify.vkey(verify.origin(table, v['term']), 1, host), v['host_vkey'])
        self.assertEqual(verify.vkey(name, 4, witness), v['witness_vkey'])
        note = verify.note_decode(v['countersign'].encode())
        cp = verify.checkpoint_decode(note.body)
        self.assertEqual(verify.checkpoint_body(cp), note.body)
        verify.host_line_check(note, cp, host)
        self.assertEqual(verify.witness_line_time(note.body, note.lines[1], witness), v['time'])
        proof = verify.proof_decode(v['proof'].encode())
        self.assertEqual(verify.proof_encode(proof), v['proof'].encode())
        self.assertTrue(verify.inclusion_check(verify.leaf_hash(v['leaves'][4].encode()), 4,
                                               cp.size, proof.path, cp.root))

    def test_times(self):
        for log_number, case in enumerate(known_answers('times.json')['logs']):
            acts = case['acts']
            number = {}
            namings = []
            for i, a in enumerate(acts):
                if a['act'] == 'witnesses':
                    seats = [number.setdefault((a['side'], s), len(number)) for s in a['seats']]
                    namings.append((i, a['side'], a['k'], seats))
            ring = Times.Ring(namings, case['grace'])
            log = verify.WitnessLog(ring)
            for i, a in enumerate(acts):
                if a['act'] == 'countersign':
                    seat = type('S', (), {'number': number[a['side'], a['seat']],
                                          'side': a['side']})
                    log.countersign(i, seat, a['size'], a['time'])
                elif a['act'] == 'proceed-without':
                    log.proceed(i, a['by'], a['side'])
            for q in case['questions']:
                at = q['at']
                with self.subTest(log=log_number, question=q):
                    self.assertEqual(
                        (log.not_after(q['index'], at), log.not_before(q['seen_size'], at),
                         log.final(at), log.saw(q['side'], q['seen_size'], q['index']),
                         [s for s in range(5) if log.out(s, at)]),
                        (q['t'], q['b'], q['final'], q['saw'], q['out']))


def whole_file(path):
    with open(path, 'rb') as f:
        return f.read()


@unittest.skipUnless(os.environ.get('ENTENTE_SIM_BUNDLE'), 'ENTENTE_SIM_BUNDLE names no program')
class Both(unittest.TestCase):
    """A record of the C program: both find the same in it."""

    def test_same_findings(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, str(i)) for i in range(4)]
            subprocess.run([os.environ['ENTENTE_SIM_BUNDLE'], *paths], check=True)
            bundle, bundle_facts, excerpt, excerpt_facts = map(whole_file, paths)
        self.assertEqual(self.same(bundle, bundle_facts), 'bundle')
        self.assertEqual(self.same(excerpt, excerpt_facts), 'excerpt')

    def same(self, raw, facts):
        found = verify.file_check(raw)[0]
        head, *lines = facts.decode().splitlines()
        self.assertEqual(head, f'{found.size} {found.final}')
        self.assertEqual(found.record.term, 1)
        self.assertEqual(len(lines), len(found.record.acts))
        for act, line in zip(found.record.acts, lines):
            b, t = found.times(act)
            words = ' '.join('-' if x is None else str(x) for x in (t, b))
            self.assertEqual(f'{act.author.side} {words}', line, f'act {act.index}')
        return found.kind


class CommandLine(unittest.TestCase):
    def run_it(self, *args):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = verify.main(list(args))
            except SystemExit as e:
                code = e.code
        return code, out.getvalue(), err.getvalue()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.t = folder.name, played()
        self.bundle = self.put('whole.tar', self.t.bundle())

    def put(self, name, content):
        path = os.path.join(self.folder, name)
        with open(path, 'wb') as f:
            f.write(content)
        return path

    def test_process(self):
        run = subprocess.run([sys.executable, os.path.join(ROOT, 'tools', 'verify.py'),
                              self.bundle], capture_output=True, text=True, check=True)
        self.assertTrue(run.stdout.startswith('Authentic. The whole record of 18 acts, in this '
                                              'order, by side 0, side 1, side 2.'))
        self.assertIn(self.t.roots[1].kid.hex(), run.stdout)

    def test_json(self):
        code, out, _ = self.run_it(self.bundle, '--json')
        facts = json.loads(out)
        self.assertEqual(code, 0)
        self.assertEqual((facts['v'], facts['ok'], facts['kind'], facts['table'], facts['size'],
                          facts['root'], facts['final']),
                         (1, True, 'bundle', self.t.id.hex(), 18, tree_root(self.t.leaves).hex(),
                          14))
        self.assertEqual(facts['acts'][13], {
            'index': 13, 'leaf': self.t.leaves[13].hex(), 'side': 2, 'kind': 'sealed',
            'not_before': START + 110, 'not_after': START + 220})

    def test_exit_codes(self):
        self.assertEqual(self.run_it()[0], 2)
        self.assertEqual(self.run_it(self.bundle, '--identity', 'x')[0], 2)
        self.assertEqual(self.run_it(self.bundle, '--dump', '1', '--json')[0], 2)
        self.assertEqual(self.run_it('--what')[0], 2)
        self.assertEqual(self.run_it(self.bundle + 'x')[0], 1)
        self.assertEqual(self.run_it(self.put('empty', b''))[0], 1)
        self.assertEqual(self.run_it(self.put('text', b'words ' * 500))[0], 1)
        self.t.by_seat(self.t.seats[0][0], 5, cbor({1: 1, 2: 2}), fields={6: sha(b'x')})
        bad = self.put('bad.tar', self.t.bundle())
        code, out, err = self.run_it(bad)
        self.assertEqual((code, out), (4, ''))
        self.assertIn('act 18 does not verify: its author had seen another tree', err)
        self.assertIn('\n  where: ', err)
        self.assertIn('\n  mend:  ', err)
        code, out, _ = self.run_it(bad, '--json')
        facts = json.loads(out)
        self.assertEqual((code, facts['ok'], facts['index']), (4, False, 18))

    def test_excerpt_words(self):
        t = self.t
        policy = t.policy([(0, 1, t.seats[0]), (1, 2, t.seats[1]), (2, 1, t.seats[2])])
        path = self.put('some.entente', tar(t.excerpt_files(range(18), policy)))
        code, out, _ = self.run_it(path)
        self.assertEqual(code, 0)
        self.assertIn('Authentic. 2 acts in this order, by side 0, side 2, not after 15 Jan 2027 '
                      '08:03:40 UTC.', out)
        self.assertIn('countersigned a record that they stand in', out)
        self.assertIn('What was left out cannot be known from this file.', out)
        self.assertIn('"the second"', self.run_it(path, '--dump', '13')[1])
        self.assertEqual(self.run_it(path, '--dump', '18')[0], 1)

    def test_dump(self):
        key = self.put('key', b'# a comment\n' + verify.identity_encode(
            self.t.seats[1][1].secret).encode() + b'\n')
        wrong = self.put('wrong', verify.identity_encode(sha(b'?')).encode() + b'\n')
        code, out, _ = self.run_it(self.bundle, '--dump', '8', '--identity', key)
        self.assertEqual(code, 0)
        self.assertIn('"the first"', out)
        self.assertIn('kind:         say', out)
        self.assertIn('--identity opens it', self.run_it(self.bundle, '--dump', '8')[1])
        self.assertEqual(self.run_it(self.bundle, '--dump', '8', '--identity', wrong)[0], 1)
        self.assertEqual(self.run_it(self.bundle, '--dump', '8', '--identity', self.bundle)[0], 1)
        self.assertIn('countersigned', self.run_it(self.bundle, '--dump', '9')[1])
        self.assertIn('act 1: keys', self.run_it(self.bundle, '--dump', '1')[1])

    def test_words_of_others_are_quoted(self):
        t = small()
        t.seal(t.seats[0][0], 'red \x1b[31m\n', stanzas=8)
        key = self.put('key', verify.identity_encode(t.seats[0][0].secret).encode())
        out = self.run_it(self.put('b', t.bundle()), '--dump', '8', '--identity', key)[1]
        self.assertNotIn('\x1b', out)
        self.assertIn('"red \\u001b[31m\\n"', out)


if __name__ == '__main__':
    unittest.main()
