"""Made-up films: the same seed gives the same films, on every machine."""

import random
from collections.abc import Iterator
from typing import Any

Document = dict[str, Any]

GENRES = ("Drama", "Comedy", "Thriller", "Crime", "Documentary", "Romance", "Adventure", "Science Fiction", "Horror",
          "Animation", "Western", "Musical")
# (country, language, share of all films)
ORIGINS = (("United States", "English", 34), ("France", "French", 12), ("United Kingdom", "English", 11),
           ("Japan", "Japanese", 9), ("India", "Hindi", 9), ("Germany", "German", 7), ("Italy", "Italian", 6),
           ("South Korea", "Korean", 5), ("Spain", "Spanish", 4), ("Denmark", "Danish", 3))
TAGS = ("slow-burn", "cult", "festival", "remake", "debut", "black-and-white", "based-on-a-novel", "long-take",
        "unreliable-narrator", "ensemble", "road-movie", "one-location")

_ADJECTIVES = ("Silent", "Last", "Crimson", "Hollow", "Distant", "Golden", "Broken", "Northern", "Secret", "Burning",
               "Endless", "Forgotten", "Electric", "Quiet", "Restless", "Paper", "Velvet", "Bitter", "Second", "Winter")
_NOUNS = ("Harbour", "Orchard", "Engine", "Letter", "Horizon", "Mirror", "Station", "Garden", "River", "Witness",
          "Compass", "Carnival", "Archive", "Lantern", "Meridian", "Castle", "Signal", "Voyage", "Cathedral", "Tide")
_PLACES = ("Trieste", "Kyoto", "Lisbon", "Duluth", "Jaipur", "Tromsø", "Busan", "Marseille", "Leipzig", "Oaxaca")
_FIRST_NAMES = ("Ada", "Bruno", "Chiara", "Dev", "Elif", "Farid", "Greta", "Hiro", "Ines", "Jonas", "Kaya", "Luca",
                "Mina", "Noor", "Oskar", "Priya", "Quentin", "Rosa", "Søren", "Tove", "Umar", "Vera", "Wanda", "Yusuf")
_LAST_NAMES = ("Abe", "Bergström", "Castellan", "Dufour", "Eriksen", "Fontaine", "Grover", "Hale", "Ivanov", "Jansen",
               "Kapoor", "Lindqvist", "Moreau", "Nakamura", "Okafor", "Petrov", "Quiroga", "Rossi", "Sato", "Tanaka",
               "Ueda", "Vogel", "Watanabe", "Yilmaz", "Zhou")
_HEROES = ("a retired cartographer", "two estranged sisters", "a night porter", "an ageing trumpet player",
           "a young prosecutor", "the crew of a weather ship", "a stunt double", "a beekeeper's daughter")
_DEEDS = ("discovers a map that should not exist", "must return to the town of a forgotten crime",
          "takes in a stranger who knows too much", "crosses a border for the third time",
          "plans one last and impossible theft", "tries to finish a film that nobody ordered")
_ENDINGS = ("Then the letters begin to arrive.", "Nothing stays buried for long.", "The sea has other plans.",
            "Only the archive remembers.", "By morning, everybody is a suspect.", "It is very nearly a comedy.")

# Films whose every word tests may rely on. The second holds what breaks a careless writer of CSV.
KNOWN_FILMS = {
    "film-lighthouse": {
        "title": "The Lighthouse Keeper's Almanac", "original_title": "Fyrvogterens almanak", "year": 1987,
        "released": "1987-10-02", "genres": ["Drama", "Science Fiction"], "directors": ["Tove Lindqvist"],
        "cast": ["Oskar Eriksen", "Ines Moreau"], "country": "Denmark", "language": "Danish", "runtime_minutes": 118,
        "rating": 9.4, "votes": 48211, "budget": 4200000, "revenue": 31800000, "tags": ["cult", "slow-burn"],
        "plot": "A keeper writes down tomorrow's weather, and the zephyrograph of the lighthouse is never wrong."},
    "film-commas": {
        "title": 'Said "Maybe", Twice; Left, Then\nReturned', "original_title": "¿Quizás, «sí»?", "year": 2003,
        "released": "2003-05-16", "genres": ["Comedy"], "directors": ["Rosa Quiroga"], "cast": ["Luca Rossi"],
        "country": "Spain", "language": "Spanish", "runtime_minutes": 95, "rating": 6.1, "votes": 1203, "budget": None,
        "revenue": None, "tags": ["=cult", "one-location"],
        "plot": "Commas, \"quotes\", a tab\tand a line\nend; 映画 🎬."},
}


def _people(rng: random.Random, least: int, most: int) -> list[str]:
    return [f"{rng.choice(_FIRST_NAMES)} {rng.choice(_LAST_NAMES)}" for _ in range(rng.randint(least, most))]


def _title(rng: random.Random) -> str:
    adjective, noun, place = rng.choice(_ADJECTIVES), rng.choice(_NOUNS), rng.choice(_PLACES)
    return rng.choice((f"The {adjective} {noun}", f"{adjective} {noun}", f"The {noun} of {place}",
                       f"{noun} and {rng.choice(_NOUNS)}", f"A {noun} in {place}"))


def _plot(rng: random.Random) -> str:
    return f"In {rng.choice(_PLACES)}, {rng.choice(_HEROES)} {rng.choice(_DEEDS)}. {rng.choice(_ENDINGS)}"


def _film(rng: random.Random) -> Document:
    country, language, _ = rng.choices(ORIGINS, [share for _, _, share in ORIGINS])[0]
    year = 2025 - int(rng.triangular(0, 95, 8))
    title = _title(rng)
    # Of every fifth film nobody knows what it cost; of some of the rest, what it earned.
    budget = None if rng.random() < 0.2 else int(rng.lognormvariate(15.5, 1.2))
    revenue = None if budget is None or rng.random() < 0.1 else int(budget * rng.lognormvariate(0.4, 0.9))
    return {
        "title": title, "original_title": title if language == "English" else f"{rng.choice(_NOUNS)} ({language})",
        "year": year, "released": f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "genres": rng.sample(GENRES, rng.randint(1, 3)), "directors": _people(rng, 1, 2), "cast": _people(rng, 3, 7),
        "country": country, "language": language, "runtime_minutes": round(min(240, max(60, rng.gauss(108, 21)))),
        "rating": round(min(9.3, max(1.0, rng.gauss(6.3, 1.1))), 1), "votes": int(rng.lognormvariate(7, 1.6)),
        "budget": budget, "revenue": revenue, "tags": rng.sample(TAGS, rng.randint(0, 3)), "plot": _plot(rng)}


def films(seed: int, count: int) -> Iterator[tuple[str, Document]]:
    """(id, film): the known ones first, `count` in all."""
    rng = random.Random(f"films {seed}")
    yield from KNOWN_FILMS.items()
    for n in range(len(KNOWN_FILMS), count):
        yield f"film-{n:06}", _film(rng)


def secrets() -> Iterator[tuple[str, Document]]:
    """What only some may see."""
    for n in range(5):
        yield f"secret-{n}", {"title": f"Untitled Project {n}", "year": 2027, "plot": f"undisclosed-{n}"}
