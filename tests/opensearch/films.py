#!/usr/bin/env python3
"""Fills an OpenSearch on this machine with a catalogue of films and the logs of a service for them; what was there
under these names is replaced. `scripts/opensearch load` calls it. The same seed gives the same bytes.

  films           films: 3 shards; aliases `movies` and `best-films` (rating 8 and more)
  films-secret    five documents that not everybody may see
  film-logs-*     four days of logs, an index a day; PLANTED says what is to be found in them
  film-events     a data stream
"""

import argparse
import hashlib
import json
import pathlib
import sys
from collections.abc import Iterator

import indices
from catalogue import KNOWN_FILMS, films, secrets
from server import Refused, Server, action
from service_logs import PLANTED, events, logs

__all__ = ["KNOWN_FILMS", "PLANTED", "FILMS_COUNT", "lines"]

FILMS_COUNT = 30_000
SEED = 1


def lines(seed: int = SEED, films_count: int = FILMS_COUNT) -> Iterator[bytes]:
    """All documents as lines of bulk requests."""
    for identity, film in films(seed, films_count):
        yield action("index", indices.FILMS, identity, film)
    for identity, film in secrets():
        yield action("index", indices.SECRET, identity, film)
    for index, identity, line in logs(seed):
        yield action("index", index, identity, line)
    for event in events(seed):
        yield action("create", indices.EVENTS, None, event)


def prepare(server: Server, replicas: int) -> list[str]:
    """Makes all indices, empty; returns their names."""
    bodies = {indices.FILMS: indices.index(indices.FILM_PROPERTIES, 3, replicas),
              indices.SECRET: indices.index(indices.FILM_PROPERTIES, 1, replicas)}
    bodies |= {name: indices.index(indices.LOG_PROPERTIES, 1, replicas) for name in PLANTED["indices"]}
    bodies[indices.FILMS]["aliases"] = indices.ALIASES
    server.delete(f"/_data_stream/{indices.EVENTS}")
    for name, body in bodies.items():
        server.delete(f"/{name}")
        server.call("PUT", f"/{name}", body)
    server.call("PUT", f"/_index_template/{indices.EVENTS}", indices.stream_template(replicas))
    server.call("PUT", f"/_data_stream/{indices.EVENTS}")
    return [*bodies, indices.EVENTS]


def load(server: Server, documents: Iterator[bytes]) -> int:
    """Returns how many. Says on a terminal how far it is."""
    total = 0
    for count in server.bulk(documents):
        total += count
        if sys.stdout.isatty():
            print(f"\r\033[K{total} documents", end="", flush=True)
    if sys.stdout.isatty():
        print("\r\033[K", end="")
    return total


def finish(server: Server, names: list[str]) -> None:
    """Makes all of it searchable and says how much there is."""
    for name in names:
        server.call("PUT", f"/{name}/_settings", {"index": {"refresh_interval": None}})
    server.call("POST", f"/{','.join(names)}/_refresh")
    for name in names:
        print(f"  {name:<22} {server.call('GET', f'/{name}/_count')['count']:>8}")


def digest_of(documents: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for line in documents:
        digest.update(line)
    return digest.hexdigest()


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:9200")
    parser.add_argument("--ca", help="certificate of whoever signed the server's")
    parser.add_argument("--user", default="")
    parser.add_argument("--password-file", type=pathlib.Path)
    parser.add_argument("--replicas", type=int, default=0)
    parser.add_argument("--films", type=int, default=FILMS_COUNT, metavar="N", help="at least the known ones")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--digest", action="store_true", help="loads nothing: prints the SHA-256 of all documents")
    parser.add_argument("--planted", action="store_true", help="loads nothing: prints what is known, as JSON")
    return parser.parse_args()


def main() -> int:
    chosen = options()
    documents = lines(chosen.seed, chosen.films)
    if chosen.planted:
        print(json.dumps({"planted": PLANTED, "known_films": KNOWN_FILMS}, indent=2))
        return 0
    if chosen.digest:
        print(digest_of(documents))
        return 0
    password = chosen.password_file.read_text().strip() if chosen.password_file else ""
    try:
        server = Server(chosen.url, chosen.ca, chosen.user, password)
        names = prepare(server, chosen.replicas)
        print(f"films: {load(server, documents)} documents in {len(names)} indices")
        finish(server, names)
    except (Refused, OSError, ValueError) as error:
        print(f"films: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
