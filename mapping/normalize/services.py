"""Online services by the name that we give them, with what people call them and where their profiles live.

One table for the structured fields and for the reading of narratives, so that `IG`, `insta` and instagram.com/name are
one service in both.
"""

from __future__ import annotations

from typing import NamedTuple

from mapping.normalize.word_list import words


class Service(NamedTuple):
    """One service."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    """Hosts at which the first path segment is a person's handle."""
    payment: bool = False


SERVICES = (
    Service("instagram", ("ig", "insta", "instagram dm", "insta gram"), ("instagram.com", "instagr.am")),
    Service("snapchat", ("sc", "snap", "snap chat", "snapchap"), ("snapchat.com",)),
    Service("facebook", ("fb", "face book", "facebook messenger", "messenger"), ("facebook.com", "fb.com", "m.me")),
    Service("x", ("twitter", "tweeter", "x.com", "x (twitter)", "twitter/x"), ("twitter.com", "x.com")),
    Service("tiktok", ("tik tok", "tt"), ("tiktok.com",)),
    Service("telegram", ("tg", "telegram messenger"), ("t.me", "telegram.me")),
    Service("whatsapp", ("whats app", "what's app", "wa", "whatsap"), ("wa.me",)),
    Service("signal", ("signal app",)),
    Service("kik", ("kik messenger",), ("kik.me",)),
    Service("discord", ("discord app",)),
    Service("skype", ("skypeid", "skype id")),
    Service("textnow", ("text now",)),
    Service("wickr", ("wickr me",)),
    Service("viber", ()),
    Service("wechat", ("we chat", "weixin")),
    Service("line", ("line app",)),
    Service("youtube", ("yt",)),
    Service("reddit", ()),
    Service("tumblr", ()),
    Service("pinterest", ()),
    Service("linkedin", ("linked in",)),
    Service("onlyfans", ("only fans", "of"), ("onlyfans.com",)),
    Service("fansly", (), ("fansly.com",)),
    Service("tinder", ()),
    Service("grindr", ()),
    Service("bumble", ()),
    Service("hinge", ()),
    Service("plenty of fish", ("pof", "plentyoffish")),
    Service("meetme", ("meet me",)),
    Service("mocospace", ("moco space",)),
    Service("tagged", ()),
    Service("seeking", ("seeking arrangement", "seekingarrangement")),
    Service("skip the games", ("skipthegames", "stg")),
    Service("megapersonals", ("mega personals",)),
    Service("backpage", ("back page",)),
    Service("craigslist", ("craigs list", "cl")),
    Service("google", ("gmail", "google account")),
    Service("google voice", ("googlevoice", "gv")),
    Service("icloud", ("apple id", "appleid", "imessage", "facetime")),
    Service("xbox", ("xbox live", "gamertag")),
    Service("playstation", ("psn", "playstation network")),
    Service("roblox", ()),
    Service("aol", ("aim", "aol instant messenger")),
    Service("cashapp", ("cash app", "ca$h app", "cashtag", "$cashtag"), ("cash.app", "cash.me"), payment=True),
    Service("venmo", (), ("venmo.com",), payment=True),
    Service("zelle", ("zell", "zelle pay"), payment=True),
    Service("paypal", ("pay pal", "paypal.me"), ("paypal.me",), payment=True),
    Service("apple pay", ("applepay", "apple cash"), payment=True),
    Service("google pay", ("googlepay", "gpay", "google wallet"), payment=True),
    Service("chime", (), payment=True),
    Service("western union", ("wu",), payment=True),
    Service("moneygram", ("money gram",), payment=True),
    Service("green dot", ("greendot",), payment=True),
    Service("bitcoin", ("btc",), payment=True),
    Service("coinbase", (), payment=True),
)  # fmt: skip

BY_ALIAS = {alias: service for service in SERVICES for alias in (service.name, *service.aliases, *service.domains)}
BY_DOMAIN = {domain: service for service in SERVICES for domain in service.domains}

NO_HANDLE = words(
    """
    p explore reel reels stories story accounts about help login share sharer sharer.php home messages hashtag
    search intent i watch groups pages events marketplace profile.php photo photo.php add u s c joinchat policies
    legal privacy terms settings video tag music discover live embed web
    """
)
"""First path segments that are no handle."""
