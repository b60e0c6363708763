"""Writes a country database in MaxMind's format (https://maxmind.github.io/MaxMind-DB/): networks and the countries they are in."""

import ipaddress
import struct

RECORD_BITS = 24
EMPTY_DATA = 16  # bytes of zero between tree and data


def encoded(value):
    """A value of the data section: maps, texts and numbers."""
    def head(kind, size):
        assert size < 29
        return bytes([kind << 5 | size]) if kind < 8 else bytes([size, kind - 7])

    if isinstance(value, str):
        return head(2, len(value.encode())) + value.encode()
    if isinstance(value, dict):
        return head(7, len(value)) + b"".join(encoded(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return head(11, len(value)) + b"".join(map(encoded, value))
    kind, size = value  # (type, number): uint16 5, uint32 6, uint64 9
    data = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return head(kind, len(data)) + data


def country_database(networks):
    """networks: {"203.0.113.0/24": "FR", "2001:db8::/32": "DE"}. A tree for IPv6, in which IPv4 stands under ::/96."""
    data, places = b"", {}
    for country in sorted(set(networks.values())):
        places[country] = len(data)
        data += encoded({"country": {"iso_code": country, "names": {"en": country}}})
    nodes = [[None, None]]
    for text, country in networks.items():
        network = ipaddress.ip_network(text)
        depth = network.prefixlen + (96 if network.version == 4 else 0)
        bits = f"{int(network.network_address):0128b}"[:depth]
        at = 0
        for bit in bits[:-1]:
            if nodes[at][int(bit)] is None:
                nodes.append([None, None])
                nodes[at][int(bit)] = len(nodes) - 1
            at = nodes[at][int(bit)]
        nodes[at][int(bits[-1])] = ("data", country)

    def record(value):
        if value is None:
            value = len(nodes)
        elif isinstance(value, tuple):
            value = len(nodes) + EMPTY_DATA + places[value[1]]
        return struct.pack("!I", value)[1:]

    tree = b"".join(record(side) for node in nodes for side in node)
    about = encoded({
        "binary_format_major_version": (5, 2), "binary_format_minor_version": (5, 0), "build_epoch": (9, 1_767_225_600),
        "database_type": "Test-Country", "description": {"en": "made by a test"}, "ip_version": (5, 6), "languages": ["en"],
        "node_count": (6, len(nodes)), "record_size": (5, RECORD_BITS),
    })
    return tree + bytes(EMPTY_DATA) + data + b"\xab\xcd\xefMaxMind.com" + about
