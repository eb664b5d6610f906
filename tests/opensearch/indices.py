"""What indices, aliases and data streams there are, with explicit mappings."""

from typing import Any

FILMS = "films"
SECRET = "films-secret"
EVENTS = "film-events"

# A name that leads to films, and one that leads to the best of them.
ALIASES: dict[str, Any] = {"movies": {}, "best-films": {"filter": {"range": {"rating": {"gte": 8}}}}}

_KEYWORD = {"type": "keyword"}
_NAME = {"type": "text", "fields": {"keyword": {"type": "keyword", "ignore_above": 256}}}

FILM_PROPERTIES = {
    "title": _NAME, "original_title": _NAME, "year": {"type": "short"},
    "released": {"type": "date", "format": "yyyy-MM-dd"}, "genres": _KEYWORD, "directors": _NAME, "cast": _NAME,
    "country": _KEYWORD, "language": _KEYWORD, "runtime_minutes": {"type": "short"}, "rating": {"type": "float"},
    "votes": {"type": "integer"}, "budget": {"type": "long"}, "revenue": {"type": "long"}, "plot": {"type": "text"},
    "tags": _KEYWORD}

LOG_PROPERTIES = {
    "@timestamp": {"type": "date"}, "level": _KEYWORD, "service": _KEYWORD, "message": _NAME, "trace_id": _KEYWORD,
    "latency_ms": {"type": "integer"}, "status": {"type": "short"}, "response_bytes": {"type": "integer"},
    "host": _KEYWORD, "region": _KEYWORD, "version": _KEYWORD}

EVENT_PROPERTIES = {"@timestamp": {"type": "date"}, "film": _KEYWORD, "action": _KEYWORD, "viewer": _KEYWORD}


def index(properties: dict[str, Any], shards: int, replicas: int) -> dict[str, Any]:
    """The body that creates it. Nothing is searchable before the refresh at the end of loading."""
    return {"settings": {"number_of_shards": shards, "number_of_replicas": replicas, "refresh_interval": "-1"},
            "mappings": {"dynamic": "strict", "properties": properties}}


def stream_template(replicas: int) -> dict[str, Any]:
    return {"index_patterns": [EVENTS], "data_stream": {},
            "template": {"settings": {"number_of_shards": 1, "number_of_replicas": replicas},
                         "mappings": {"properties": EVENT_PROPERTIES}}}
