"""Addresses and URLs that no message may ever be sent to: our own list, whoever checks them."""

ADDRESSES = (
    # this machine, this network
    *("127.0.0.1", "127.0.0.53", "127.1.2.3", "127.255.255.255", "0.0.0.0", "0.1.2.3"),  # noqa: S104 nobody listens there
    *("::1", "::"),
    # private, carriers' and link-local networks
    *("10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1"),
    *("192.168.255.255", "100.64.0.1", "100.127.255.255", "169.254.0.1", "169.254.255.255"),
    *("fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1"),
    # clouds' inner servers
    *("169.254.169.254", "169.254.170.2", "169.254.170.23", "168.63.129.16", "100.100.100.200"),
    *("192.0.0.192", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254"),
    # assignments, documentation, benchmarks, relays
    *("192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.2.1", "198.51.100.1", "203.0.113.1"),
    *("198.18.0.1", "198.19.255.255", "192.88.99.1", "192.88.99.3", "192.31.196.1"),
    *("192.52.193.1", "192.175.48.1"),
    # multicast, reserved, broadcast
    *("224.0.0.1", "239.255.255.255", "232.1.1.1", "240.0.0.1", "255.255.255.254"),
    *("255.255.255.255", "ff02::1", "ff0e::1", "ff00::"),
    # IPv4 inside IPv6: mapped, compatible, translated, NAT64, 6to4, Teredo, ISATAP-like
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:8.8.8.8"),
    *("::127.0.0.1", "::7f00:1", "::10.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1"),
    *("64:ff9b::127.0.0.1", "64:ff9b::192.168.0.1", "64:ff9b::8.8.8.8", "64:ff9b:1::1"),
    *("2002:7f00:1::1", "2002:c0a8:1::1", "2002:a00:1::1", "2002:808:808::1"),
    *("2001::1", "2001:0:7f00:1::", "2001:0:53aa:64c:0:5eff:80ff:fffe", "2001:2::1"),
    *("2001:10::1", "2001:20::1", "2001:1ff::1", "2001:db8::1", "2001:db8:ffff::1"),
    # other special blocks of IPv6, and what is given out to nobody
    *("100::1", "100:0:0:1::1", "3fff::1", "3fff:fff::1", "5f00::1", "2620:4f:8000::1"),
    *("4000::1", "8000::1", "e000::1", "1000::1", "200::1"),
)
PUBLIC = (
    *("8.8.8.8", "1.1.1.1", "93.184.215.14", "100.63.0.1", "172.15.0.1", "172.32.0.1"),
    *("168.63.129.15", "192.0.1.1", "2606:4700::1111", "2001:4860:4860::8888", "2a00:1450::1"),
    "2001:200::1",
)
READ_ALIKE = ("https://localhost/", "https://LOCALHOST/", "https://[::]/", "https://127.0.0.1/")
"""URLs that mean one thing, which is refused for where it leads."""
URLS = (
    # other spellings of this machine
    *("https://127.1/", "https://0177.0.0.1/", "https://0x7f.0.0.1/", "https://2130706433/"),
    *("https://0x7f000001/", "https://017700000001/", "https://127.0.0.1./", "https://127.0.1/"),
    *("https://①②⑦.⓪.⓪.①/", "https://127。0。0。1/", "https://[::1%25lo]/", "https://[::1%lo]/"),
    "https://localhost./",
    # names of one part, and names that are none
    *("https://intranet/", "https://metadata/", "https://com/", "https://-a.example/"),
    *("https://a_b.example/", "https://.example/", "https://a..example/", "https:///path"),
    *("https://example.com./", "https://exa mple.com/", "https://ex\u00e4mple.com/"),
    # who, where, how
    *("https://user@example.com/", "https://user:word@example.com/", "https://@example.com/"),
    *("https://example.com@127.0.0.1/", "https://example.com:22/", "https://example.com:25/"),
    *("https://example.com:80/", "https://example.com:0/", "https://example.com:/"),
    *("https://example.com:99999/", "https://example.com:-1/", "https://example.com:４４３/"),  # noqa: RUF001 meant so
    *("http://example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/"),
    *("javascript:alert(1)", "//example.com/", "example.com", "", "https://", "https:/example.com"),
    # what splits requests and readers
    *("https://example.com/\r\nHost: a", "https://example.com/\n", "https://example.com/ a"),
    *("https://example.com\\@127.0.0.1/", "https://127.0.0.1\\.example.com/", "https://e.com/#a"),
    *("https://example.com/\x00", "\thttps://example.com/", "https://example.com/" + "a" * 2000),
    *("https://[127.0.0.1]/", "https://[::1/", "https://::1/", "https://[fe80::1%25eth0]/"),
)
