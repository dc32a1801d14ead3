#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/vectors/record.json, and seeds for the fuzzers of this layer.

Known answers for docs/FORMAT.md sections 2, 4 to 8 and 12 to 14, made from its words with nothing but
Python's standard library, so that they share no code with what they check.  Ed25519 is RFC 8032
section 6 in its shortest form; it is slow and not for secrets.
"""
import base64, hashlib, hmac, io, json, os, tarfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def x25519_pk(raw):
    """Bytes as an X25519 key in its one spelling: bit 255 clear."""
    return raw[:31] + bytes([raw[31] & 0x7f])


def tagged(tag, *parts):
    return sha(tag.encode(), b"\0", *parts)


def add(a, b):
    A, B = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    C, E = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = B - A, E - C, E + C, B + A
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def mul(s, p):
    r = (0, 1, 1, 0)
    while s:
        if s & 1:
            r = add(r, p)
        p, s = add(p, p), s >> 1
    return r


def base_point():
    y = 4 * pow(5, P - 2, P) % P
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    x = P - x if x & 1 else x
    return (x, y, 1, x * y % P)


G = base_point()


def packed(p):
    z = pow(p[2], P - 2, P)
    return (p[1] * z % P | (p[0] * z % P & 1) << 255).to_bytes(32, "little")


def keys(seed):
    h = hashlib.sha512(seed).digest()
    a = int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254
    return a, h[32:], packed(mul(a, G))


def sign(seed, message):
    a, prefix, pk = keys(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % Q
    R = packed(mul(r, G))
    k = int.from_bytes(hashlib.sha512(R + pk + message).digest(), "little") % Q
    return R + ((r + k * a) % Q).to_bytes(32, "little")


def cbor(v):
    def head(major, n):
        for bits, size in ((24, 0), (1 << 8, 1), (1 << 16, 2), (1 << 32, 4), (1 << 64, 8)):
            if n < bits:
                low = n if size == 0 else 24 + (1, 2, 4, 8).index(size)
                return bytes([major << 5 | low]) + (n.to_bytes(size, "big") if size else b"")
        raise ValueError(n)
    if v is None:
        return b"\xf6"
    if isinstance(v, int):
        return head(0, v)
    if isinstance(v, bytes):
        return head(2, len(v)) + v
    if isinstance(v, str):
        return head(3, len(v.encode())) + v.encode()
    if isinstance(v, list):
        return head(4, len(v)) + b"".join(map(cbor, v))
    return head(5, len(v)) + b"".join(cbor(k) + cbor(x) for k, x in sorted(v.items()))


def root(leaves):
    """RFC 9162 section 2.1.1 over leaf hashes."""
    if not leaves:
        return sha()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha(b"\1", root(leaves[:k]), root(leaves[k:]))


def path(m, leaves):
    if len(leaves) == 1:
        return []
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    if m < k:
        return path(m, leaves[:k]) + [root(leaves[k:])]
    return path(m - k, leaves[k:]) + [root(leaves[:k])]


def bucket(n):
    if n <= 4096:
        return -(-n // 1024) * 1024
    e = n.bit_length() - 1
    s = (e.bit_length() - 1) + 1
    step = 2 ** (e - s)
    return -(-n // step) * step


def padding():
    sizes = [1, 2, 1023, 1024, 1025, 2048, 3000, 4095, 4096, 4097, 4352, 4353, 5000, 8191, 8192,
             8193, 65535, 65536, 65537, 999999, 16777216, 16777217, 67108864]
    return [{"content": n - 1, "padded": bucket(n)} for n in sizes]


def hkdf(ikm, info):
    prk = hmac.new(b"\0" * 32, ikm, "sha256").digest()
    return hmac.new(prk, info + b"\1", "sha256").digest()


def tags():
    out = []
    for i, (term, n) in enumerate([(0, 0), (0, 1), (1, 0), (2**32 - 1, 2**64 - 1), (7, 65536)]):
        key, author = sha(b"epoch %d" % i), sha(b"author %d" % i)
        mac = hmac.new(hkdf(key, b"entente/v1/tag"), author + term.to_bytes(4, "big") + n.to_bytes(8, "big"), "sha256")
        out.append({"room_key": key.hex(), "author": author.hex(), "term": term,
                    "n": str(n), "tag": mac.digest()[:16].hex()})
    return out


def room_keys():
    """An epoch's secret, the room and number that it is given for, and the key that this makes."""
    out = []
    for i, (room, number) in enumerate([("plenary", 1), ("plenary", 2), ("monitors", 2),
                                        ("shuttle/kestria", 65535), ("home/a", 7)]):
        secret, table = sha(b"secret %d" % (i // 3)), sha(b"table %d" % (i // 4))
        info = b"entente/v1/room" + table + number.to_bytes(4, "big") + room.encode()
        out.append({"secret": secret.hex(), "table": table.hex(), "room": room, "number": number,
                    "key": hkdf(secret, info).hex()})
    return out


def commits():
    out = []
    for count in (0, 1, 2, 5):
        table, author, term, n = sha(b"table"), sha(b"someone"), count, 1000 * count + 3
        header = {1: table, 2: author, 3: n, 4: 1773072000, 5: 14, 6: "plenary", 7: 2,
                  8: sha(b"answered") if count > 1 else None, 9: term,
                  10: [77, sha(b"state")] if count == 5 else None}
        entries = [[sha(b"salt %d 0" % count)[:16], header]]
        for p in range(count):
            entries.append([sha(b"salt %d %d" % (count, p + 1))[:16], 1, "text %d" % p])
        leaves = [sha(b"\0", table, author, term.to_bytes(4, "big"), n.to_bytes(8, "big"),
                      p.to_bytes(4, "big"), cbor(e)) for p, e in enumerate(entries)]
        out.append({"content": cbor(entries).hex(), "commit": root(leaves).hex(),
                    "paths": [[h.hex() for h in path(p, leaves)] for p in range(count + 1)]})
    return out


def line(name, kind, pk, signature):
    key_id = sha(name.encode(), b"\n", bytes([kind]), pk)[:4]
    return "\u2014 %s %s\n" % (name, base64.b64encode(key_id + signature).decode())


def vkey(name, kind, pk):
    key_id = sha(name.encode(), b"\n", bytes([kind]), pk)[:4]
    return "%s+%s+%s" % (name, key_id.hex(), base64.b64encode(bytes([kind]) + pk).decode())


def names():
    pk = bytes(range(32))
    return {"pk": pk.hex(),
            "kids": [tagged("entente/v1/kid", bytes([t]), pk).hex() for t in (1, 2, 3, 4)],
            "table_of_F": tagged("entente/v1/table", b"F").hex()}


def notes():
    table, term, number, time = sha(b"a table"), 2, 5, 1773072000
    host, witness = b"\1" * 32, b"\2" * 32
    leaves = ["leaf %d" % i for i in range(7)]
    hashes = [sha(b"\0", x.encode()) for x in leaves]
    origin = "entente/%s/%d" % (table.hex(), term)
    name = "entente/%s/w/%d" % (table.hex(), number)
    body = "%s\n%d\n%s\n" % (origin, len(leaves), base64.b64encode(root(hashes)).decode())
    host_pk, witness_pk = keys(host)[2], keys(witness)[2]
    note = body + "\n" + line(origin, 1, host_pk, sign(host, body.encode()))
    message = "cosignature/v1\ntime %d\n" % time + body
    signed = time.to_bytes(8, "big") + sign(witness, message.encode())
    both = note + line(name, 4, witness_pk, signed)
    proof = "c2sp.org/tlog-proof@v1\nindex 4\n"
    proof += "".join(base64.b64encode(h).decode() + "\n" for h in path(4, hashes))
    return {"table": table.hex(), "term": term, "witness_number": number, "time": time,
            "host_seed": host.hex(), "witness_seed": witness.hex(),
            "host_vkey": vkey(origin, 1, host_pk), "witness_vkey": vkey(name, 4, witness_pk),
            "leaves": leaves, "note": note, "countersign": both, "proof": proof + "\n" + both}


def messages():
    """What is signed, by the types of keys that may sign it: 1 root, 2 seat, 3 witness, 4 host."""
    table, zero = sha(b"a table"), bytes(32)

    def structure(kid, purpose, payload):
        protected = b"\xa2\x01\x27\x04\x50" + kid[:16]
        return cbor(["Signature1", protected, b"entente/v1/" + purpose, cbor(payload)])

    def act(kind, n, blob):
        commit, tag = (sha(blob), bytes(16)) if kind else (sha(b"commit"), sha(b"tag")[:16])
        return structure(sha(b"author"), b"act", {
            1: 1, 2: table, 3: n, 4: sha(b"prev") if n else zero, 5: 12, 6: sha(b"seen"),
            7: sha(blob), 8: len(blob), 9: commit, 10: 1, 11: kind, 12: tag})

    seats = [[sha(b"sign %d" % i), x25519_pk(sha(b"seal %d" % i)), sha(b"witness %d" % i), i, i & 1]
             for i in range(3)]
    slip = {1: 1, 2: table, 3: 2, 4: sha(b"root"), 5: seats, 6: [sha(b"next")], 7: 1}
    mandate = {1: 1, 2: sha(b"principal"), 3: sha(b"delegate"), 4: table, 5: 7,
               6: ["price", "term"], 7: 1773072000, 8: 1780000000, 9: None}
    ratify = {1: 1, 2: sha(b"principal"), 4: table, 5: sha(b"proposal"), 6: "as agreed"}
    body = "entente/%s/0\n12\n%s\n" % (table.hex(), base64.b64encode(sha(b"root")).decode())
    return {
        "act-sealed": ([2], act(0, 3, bytes(1024))),
        "act-keys": ([1, 2], act(2, 0, b"keys")),
        "act-countersign": ([2], act(4, 1, b"note")),
        "slip": ([1, 2, 3], b"entente/v1/slip\0" + cbor(slip)),
        "seat-slip": ([2, 3], b"entente/v1/seat-slip\0" + cbor({1: 1, 2: table, 3: 2, 4: seats[1]})),
        "new-root": ([1, 2, 3], b"entente/v1/new-root\0" + cbor({**slip, 8: sha(b"replaced")})),
        "mandate": ([1], structure(sha(b"principal"), b"mandate", mandate)),
        "ratify": ([1], structure(sha(b"principal"), b"ratify", ratify)),
        "token": ([2], structure(sha(b"seat"), b"read", {1: table, 2: sha(b"host"), 3: 1773072000})),
        "checkpoint": ([4], body.encode()),
        "cosignature": ([3], b"cosignature/v1\ntime 1773072000\n" + body.encode()),
    }


SEEDS = {"root": b"\x11" * 32, "seat": b"\x12" * 32, "witness": b"\x13" * 32, "host": b"\x14" * 32,
         "next": b"\x15" * 32, "heir": b"\x16" * 32}
TYPES = {"root": 1, "seat": 2, "witness": 3, "host": 4, "heir": 1}


def pk_of(who):
    return keys(SEEDS[who])[2]


def kid_of(who):
    return tagged("entente/v1/kid", bytes([TYPES[who]]), pk_of(who))


def sign1(who, purpose, payload):
    """COSE_Sign1 of section 5."""
    protected, payload = b"\xa2\x01\x27\x04\x50" + kid_of(who)[:16], cbor(payload)
    message = cbor(["Signature1", protected, b"entente/v1/" + purpose, payload])
    return b"\xd2" + cbor([protected, {}, payload, sign(SEEDS[who], message)])


def signed():
    """What sections 4, 5, 6, 12 and 14 write, signed by keys of fixed seeds."""
    founding = {1: 1, 2: 1, 3: pk_of("host"), 4: pk_of("root"), 5: 4, 6: 16777216, 7: 3600,
                8: sha(b"nonce"), 9: sha(b"charter"), 10: 3, 11: 1}
    table = tagged("entente/v1/table", cbor(founding))
    seat = [pk_of("seat"), x25519_pk(sha(b"seal")), pk_of("witness"), 0, 1]

    def slip_of(tag, body, signers):
        body = cbor(body)
        return [body, [sign(SEEDS[w], tag + b"\0" + body) for w in signers]]

    slip = slip_of(b"entente/v1/slip", {1: 1, 2: table, 3: 1, 4: pk_of("root"), 5: [seat],
                                        6: [pk_of("next")], 7: 1},
                   ["root", "seat", "witness", "next"])
    seat_slip = slip_of(b"entente/v1/seat-slip", {1: 1, 2: table, 3: 1, 4: seat},
                        ["seat", "witness"])

    heir = slip_of(b"entente/v1/new-root", {1: 1, 2: table, 3: 1, 4: pk_of("heir"), 5: [seat], 6: [],
                                            7: 0, 8: pk_of("root")}, ["heir", "seat", "witness"])
    heir += [[[pk_of("next"), sign(SEEDS["next"], b"entente/v1/new-root\0" + heir[0])]]]

    def body(size, root_hash):
        return "entente/%s/0\n%d\n%s\n" % (table.hex(), size,
                                            base64.b64encode(root_hash).decode())

    def note(size, root_hash, time=None):
        b = body(size, root_hash)
        out = b + "\n" + line("entente/%s/0" % table.hex(), 1, pk_of("host"),
                              sign(SEEDS["host"], b.encode()))
        if time is not None:
            message = "cosignature/v1\ntime %d\n" % time + b
            out += line("entente/%s/w/0" % table.hex(), 4, pk_of("witness"),
                        time.to_bytes(8, "big") + sign(SEEDS["witness"], message.encode()))
        return out.encode()

    seen = sha(b"seen")

    def envelope(kind, who, blob, n=2, size=9, cited=seen):
        commit, tag = (sha(blob), bytes(16)) if kind else (sha(b"commit"), sha(b"tag")[:16])
        return sign1(who, b"act", {1: 1, 2: table, 3: n, 4: sha(b"prev") if n else bytes(32),
                                   5: size, 6: cited, 7: sha(blob), 8: len(blob), 9: commit,
                                   10: 0, 11: kind, 12: tag})

    blobs = [("sealed", 0, "seat", bytes(1024)), ("found", 1, "root", cbor(founding)),
             ("keys-side", 2, "root", cbor({1: 1, 2: 1, 3: slip})),
             ("keys-seat", 2, "root", cbor({1: 1, 2: 2, 3: seat_slip})),
             ("keys-revoke", 2, "root", cbor({1: 1, 2: 3, 3: kid_of("seat")})),
             ("keys-new-root", 2, "seat", cbor({1: 1, 2: 4, 3: heir})),
             ("witnesses", 3, "root", cbor({1: 1, 2: 1, 3: [pk_of("witness")]})),
             ("countersign", 4, "seat", note(9, seen, 1773072000)),
             ("proceed-without", 5, "seat", cbor({1: 1, 2: 2})),
             ("succession", 6, "root", cbor({1: 1, 2: 9, 3: seen, 4: pk_of("next")}))]
    envelopes = []
    for name, kind, who, blob in blobs:
        raw = envelope(kind, who, blob, *((0, 0, sha()) if kind == 1 else ()))
        envelopes.append({"name": name, "author": who, "kind": kind, "blob": blob.hex(),
                          "envelope": raw.hex(), "leaf": sha(b"\0", raw).hex()})

    principal = kid_of("root")
    words = {"mandate": {1: 1, 2: principal, 3: kid_of("seat"), 4: table, 5: 63,
                         6: ["price", "term-2"], 7: 1773072000, 8: 1780000000,
                         9: tagged("entente/v1/limits", sha(b"salt"), cbor({1: 5}))}}
    for word in ("sign-charter", "revoke", "ratify", "decide"):
        words[word] = {1: 1, 2: principal, 4: table, 5: sha(word.encode()),
                       6: None if word == "revoke" else "in words: " + word}
    objects = []
    for i, (word, payload) in enumerate(words.items()):
        raw = sign1("root", word.encode(), payload)
        objects.append({"kind": i + 1, "object": raw.hex(),
                        "id": tagged("entente/v1/object", raw).hex()})

    hashes = [[sha(b"\0", b"leaf %d of %d" % (i, side if i > 2 else 0)) for i in range(9)]
              for side in (0, 1)]
    parts = [5, hashes[0][5], path(5, hashes[0][:7]), hashes[1][5], path(5, hashes[1])]
    one, two = root(hashes[0][:7]), root(hashes[1])

    def noted(*raw):
        """The tlog-proof of the last envelope: of a log of two leaves and these."""
        leaves = [sha(b"\0", b"leaf %d" % i) for i in range(2)] + [sha(b"\0", r) for r in raw]
        index = len(leaves) - 1
        text = "c2sp.org/tlog-proof@v1\nindex %d\n" % index + "".join(
            base64.b64encode(h).decode() + "\n" for h in path(index, leaves))
        return text.encode() + b"\n" + note(len(leaves), root(leaves))

    def fraud(kind, accused, a, b, host=None, leaves=None):
        return cbor({1: 1, 2: kind, 3: table, 4: pk_of(accused), 5: host, 6: a, 7: b, 8: leaves})

    one_act, another = envelope(0, "seat", b"a"), envelope(0, "seat", b"b")
    frauds = {
        "fork-size": fraud(1, "host", note(7, one), note(7, two)),
        "fork-leaves": fraud(1, "host", note(7, one), note(9, two), leaves=parts),
        "double-host": fraud(2, "seat", one_act, another, host=pk_of("host"),
                             leaves=[noted(one_act), noted(another)]),
        "double": fraud(2, "seat", one_act, another, host=pk_of("host"),
                        leaves=[noted(one_act), noted(one_act, another)]),
        "seen": fraud(3, "seat", note(9, two), envelope(0, "seat", b"a"), host=pk_of("host")),
        "witness-leaves": fraud(4, "witness", note(7, one, 50), note(9, two, 60), leaves=parts),
        "witness-time": fraud(4, "witness", note(7, one, 60), note(9, two, 50)),
    }
    guilty = {k: pk_of(who).hex() for k, who in {
        "fork-size": "host", "fork-leaves": "host", "double-host": "host", "double": "seat",
        "seen": "seat", "witness-leaves": "witness", "witness-time": "witness"}.items()}
    return {"seeds": {k: v.hex() for k, v in SEEDS.items()}, "table": table.hex(),
            "host": pk_of("host").hex(),
            "envelopes": envelopes, "slip": cbor(slip).hex(), "seat_slip": cbor(seat_slip).hex(),
            "new_root": cbor(heir).hex(), "objects": objects,
            "token": sign1("seat", b"read", {1: table, 2: pk_of("host"), 3: 1773072000}).hex(),
            "frauds": [{"name": k, "proof": v.hex(), "guilty": guilty[k]}
                       for k, v in frauds.items()]}


def signed_corpus(v, contents):
    """Seeds of the fuzzers; where a first byte picks the kind, it is put before."""
    raw = bytes.fromhex
    out = {"slip/slip": b"\0" + raw(v["slip"]), "slip/seat-slip": b"\1" + raw(v["seat_slip"]),
           "slip/new-root": b"\2" + raw(v["new_root"])}
    for e in v["envelopes"]:
        out["act/" + e["name"]] = raw(e["envelope"])
        if e["kind"]:
            out["control/" + e["name"]] = bytes([e["kind"]]) + raw(e["blob"])
    for o in v["objects"]:
        out["object/%d" % o["kind"]] = bytes([o["kind"] - 1]) + raw(o["object"])
    for f in v["frauds"]:
        out["fraud/" + f["name"]] = raw(f["proof"])
    for i, c in enumerate(contents):
        out["content/%d" % i] = raw(c["content"])
    return out


def archive(files):
    """As Python's own tarfile writes ustar, less the device numbers that it puts in."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            t.addfile(info, io.BytesIO(content))
    raw, at = bytearray(out.getvalue()), 0
    for name, content in files:
        header = raw[at:at + 512]
        header[329:345] = bytes(16)
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        raw[at:at + 512] = header
        at += 512 + -(-len(content) // 512) * 512
    return bytes(raw[:at + 1024])


def main():
    n = notes()
    tar = archive([("blob/" + sha(b"b").hex(), b"b"), ("checkpoint", n["note"].encode()),
                   ("tile/0/000.p/7", b"".join(sha(b"\0", x.encode()) for x in n["leaves"])),
                   ("tile/entries/000.p/7",
                    b"".join(len(x).to_bytes(2, "big") + x.encode() for x in n["leaves"]))])
    contents, words = commits(), signed()
    vectors = {"names": names(), "padding": padding(), "tags": tags(), "room_keys": room_keys(), "commits": contents,
               "signed": words,
               "notes": n, "tar_sha256": sha(tar).hex(),
               "messages": [{"name": k, "types": types, "message": m.hex()}
                            for k, (types, m) in messages().items()]}
    with open(os.path.join(ROOT, "tests/vectors/record.json"), "w") as f:
        json.dump(vectors, f, indent=1, ensure_ascii=False)
        f.write("\n")
    corpus = {"note/host": n["note"].encode(), "note/countersign": n["countersign"].encode(),
              "note/other": "a\n\nb\n\n\u2014 x.example/k AAAAAQI=\n".encode(),
              "proof/seven": n["proof"].encode(), "tar/bundle": tar, "tar/empty": bytes(1024)}
    corpus.update(("message/" + k, m) for k, (_, m) in messages().items())
    corpus.update(signed_corpus(words, contents))
    for name, content in corpus.items():
        with open(os.path.join(ROOT, "tests/fuzz/corpus", name), "wb") as f:
            f.write(content)


main()
