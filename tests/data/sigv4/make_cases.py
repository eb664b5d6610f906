#!/usr/bin/env python3
"""Signs requests for tests/unit/providers/sigv4_test.cpp with somebody else's signer.

    make_cases.py > cases.json              the requests below, signed by botocore (a Python package of AWS)
    make_cases.py --published FOLDER        AWS' own vectors in the same form; FOLDER is tests/aws-signing-test-suite/v4
                                            of a checkout of awslabs/aws-c-auth

`HYDRANT_SIGV4_CASES=FILE` makes the test read a further file. README.md has the form.
"""

import datetime
import hashlib
import json
import pathlib
import re
import sys
import urllib.parse

KEY = {"access_key_id": "KEYOFHYDRANTSTESTS", "secret_access_key": "not/a+real=secret"}
TOKEN = "a//session+token/of==tests//"
HOST = "search-logs-abc.eu-central-1.es.amazonaws.com"
FORM = ("Content-Type", "application/x-www-form-urlencoded")
NDJSON = ("Content-Type", "application/x-ndjson")


def case(name, method="GET", path="/", query="", headers=(), body="", **other):
    return {"name": name, "method": method, "host": HOST, "path": path, "query": query,
            "headers": [list(header) for header in headers], "body": body, "region": "eu-central-1", "service": "es",
            "time": "20260228T235959Z", "token": "", **KEY, **other}


REQUESTS = [
    case("nothing but a host"),
    case("no path", path=""),
    case("a port", host="localhost:9200"),
    case("a serverless collection", service="aoss", host="abc.us-east-1.aoss.amazonaws.com", region="us-east-1"),
    case("a session token", token=TOKEN),
    case("the first second of a year", time="20270101T000000Z"),
    case("a leap day", time="20280229T120000Z"),
    case("a year before 1970", time="19691231T235958Z"),
    case("every unreserved character", path="/AZaz09-._~", query="AZaz09-._~=AZaz09-._~"),
    case("every other printable character in a path", path="/!\"#$%&'()*+,:;<=>?@[\\]^`{|}"),
    case("a wildcard", path="/logs-*/_search"),
    case("a list of indices", path="/a,b,-c/_search"),
    case("date arithmetic", path="/%3Clogs-%7Bnow%2Fd%7D%3E/_search"),
    case("an escaped slash in an id", path="/index/_doc/a%2Fb"),
    case("an escaped percent sign", path="/index/_doc/100%25"),
    case("an escaped blank", path="/index/_doc/a%20b"),
    case("escapes in lower case", path="/index/_doc/a%2fb"),
    case("bytes beyond ASCII", path="/straße/東"),
    case("dot segments", path="/./a/b/../c"),
    case("more dots than segments", path="/../../a"),
    case("dots that are no segments", path="/.a/..b/c../..."),
    case("empty segments", path="//a///b"),
    case("an empty segment at the end", path="//a///b//"),
    case("a dot segment at the end", path="/a/."),
    case("parameters out of order", query="size=10&from=5&_source=false"),
    case("upper case before lower case", query="b=1&B=2&a=3&A=4&_=5&-=6"),
    case("one parameter twice", query="q=b&q=a&q=B"),
    case("a name that begins another", query="ab=1&a=2&a-b=3"),
    case("a value is missing", query="pretty&v="),
    case("a value with an equals sign", query="q=a=b"),
    case("a name is missing", query="=x&a=y"),
    case("ampersands without a parameter", query="&a=1&&b=2&"),
    case("escapes in a query", query="filter_path=hits.hits.*%2Ctook&q=user%3A%22a%20b%22"),
    case("no escapes where there should be", query="filter_path=*.b,c&q=user:a/b"),
    case("escapes that need not be", query="%61=%7E%2d"),
    case("escapes in lower case in a query", query="q=%c3%a4"),
    case("bytes beyond ASCII in a query", query="ä=東"),
    case("order is that of the escaped bytes", query="%C3%A4=1&z=2&~=3&%7B=4&{=5"),
    case("a plus sign", query="q=a+b"),
    case("a percent sign that is no escape", query="q=100%&r=%zz&s=%2"),
    case("headers out of order", headers=[("Zebra", "1"), ("apple", "2"), ("Content-Type", "application/json")]),
    case("blanks in header values", headers=[("A", "  b   c  "), ("B", "\t\"d  e\"\t")]),
    case("an empty header", headers=[("A", "")]),
    case("one header three times", headers=[("My", "z"), ("my", " a "), ("MY", "z,y")]),
    case("a header of several lines", headers=[("A", "b\n   c\r\n\td")]),
    case("a form", "POST", headers=[FORM], body="a=b&c=d"),
    case("a search", "POST", "/logs-*,metrics/_search", "typed_keys=true&ignore_unavailable=true",
         [("Content-Type", "application/json")], '{"query":{"match":{"t":"größer"}}}', token=TOKEN),
    case("a bulk", "POST", "/_bulk", "refresh=wait_for", [NDJSON], '{"index":{}}\n{"a":1}\n' * 3, service="aoss"),
    case("a put", "PUT", "/i/_doc/%C3%A4", headers=[("Content-Type", "application/json")], body="{}"),
    case("a deletion", "DELETE", "/_search/scroll/all"),
    case("a look", "HEAD", "/i"),
]


def parameters(query):
    pairs = (part.partition("=") for part in query.split("&") if part)
    return [(urllib.parse.unquote(name), urllib.parse.unquote(value)) for name, _, value in pairs]


def signed(wanted):
    """The case with all headers that are signed, and with what botocore makes of them."""
    from botocore import auth, awsrequest, compat, credentials

    headers = compat.HTTPHeaders()
    added = [["X-Amz-Date", wanted["time"]],
             ["X-Amz-Content-SHA256", hashlib.sha256(wanted["body"].encode()).hexdigest()]]
    if wanted["token"]:
        added.append(["X-Amz-Security-Token", wanted["token"]])
    for name, value in wanted["headers"] + added:
        headers.add_header(name, value)
    headers.add_header("Host", wanted["host"])
    signer = auth.SigV4Auth(credentials.Credentials(wanted["access_key_id"], wanted["secret_access_key"]),
                            wanted["service"], wanted["region"])
    # Not through a URL, which would take some of the paths to pieces.
    signer.canonical_query_string = lambda request: signer._canonical_query_string_params(parameters(wanted["query"]))
    normalize = signer._normalize_url_path
    signer._normalize_url_path = lambda _: normalize(wanted["path"])
    request = awsrequest.AWSRequest(wanted["method"], "https://unused.example/", headers)
    request.context["timestamp"] = wanted["time"]
    canonical = signer.canonical_request(request)
    signature = signer.signature(signer.string_to_sign(request, canonical), request)
    signer._inject_signature_to_request(request, signature)
    return {**wanted, "headers": wanted["headers"] + added, "canonical": canonical,
            "authorization": request.headers["Authorization"]}


def header_lines(lines):
    """Unfolded only as far as needed to tell where a header begins."""
    headers = []
    for line in filter(None, lines):
        if line[0] in " \t":
            headers[-1][1] += "\n" + line
        else:
            headers.append(list(line.split(":", 1)))
    return headers


def published(folder):
    def text(name):
        return (folder / name).read_text(encoding="utf-8")

    context = json.loads(text("context.json"))
    head, _, body = text("header-signed-request.txt").partition("\n\n")
    first, *lines = head.split("\n")
    method, target = re.fullmatch(r"(\S+) (.*) HTTP/1\.1", first).groups()
    path, _, query = target.partition("?")
    headers = header_lines(lines)
    authorization = next(value for name, value in headers if name == "Authorization")
    names = re.search("SignedHeaders=([^,]*)", authorization)[1].split(";")
    return {"name": folder.name, "method": method, "host": dict(headers)["Host"], "path": path, "query": query,
            "headers": [h for h in headers if h[0].lower() in names and h[0] != "Host"], "body": body,
            "region": context["region"], "service": context["service"],
            "time": re.sub("[-:]", "", context["timestamp"]), "token": "",
            "access_key_id": context["credentials"]["access_key_id"],
            "secret_access_key": context["credentials"]["secret_access_key"],
            "canonical": text("header-canonical-request.txt"), "authorization": authorization}


def main():
    if sys.argv[1:2] == ["--published"]:
        folders = sorted(pathlib.Path(sys.argv[2]).iterdir())
        # The others ask for the path as it stands, which is how S3 is signed.
        cases = [published(f) for f in folders if json.loads((f / "context.json").read_text())["normalize"]]
    else:
        cases = [signed(wanted) for wanted in REQUESTS]
    lines = (json.dumps(one, ensure_ascii=False) for one in cases)
    print("[\n" + ",\n".join(lines) + "\n]")


if __name__ == "__main__":
    main()
