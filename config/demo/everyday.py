"""The kinds of everyday cases, with the sentences in which officers tell them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of everyday case: who is in it, and how it is told."""

    name: str
    offense: str
    agencies: str
    """First letters of the agencies that work such cases: c(ity), s(heriff), b(ureau)."""
    roles: tuple[str, ...]
    texts: tuple[str, ...]
    place: str = "residence"


KINDS = (
    Kind("burglary", "BURGLARY - FORCED ENTRY", "cs", ("victim", "witness"), (
        ("R/P {v} returned home at approximately {time} and found the rear door forced. Taken: {item}. No suspects. "
        "Neighbor {w} heard glass break but did not see anyone. Can be reached at {phone}."),
        ("Responded to a report of a burglary at {place}. Entry by prying a kitchen window. {v} is missing {item}, "
        "valued at ${sum}. {w} advised a {car} was parked across the street earlier in the day. Prints lifted."),
    )),
    Kind("larceny from auto", "LARCENY FROM VEHICLE", "cs", ("victim",), (
        ("{v} parked the vehicle in the driveway overnight and found it entered in the morning. Taken: {item}. "
        "The vehicle was not locked. No video. Call back number {phone}."),
        "Vehicle entered between 2200 and 0600 hours. {item} missing, value ${sum}. Area canvassed, negative results.",
    )),
    Kind("retail fraud", "RETAIL FRAUD 2ND DEGREE", "c", ("reporting_party", "suspect"), (
        ("{r}, loss prevention at {shop}, observed {s} conceal merchandise valued at ${sum} and pass all points of "
        "sale. {s} was cooperative, was issued an appearance citation and released."),
        ("Officer {off} dispatched to {shop} for a retail fraud in custody. {s} admitted to taking {item}. Property "
        "returned to the store. {r} will prosecute."),
    ), "business"),
    Kind("crash", "PROPERTY DAMAGE CRASH", "cs", ("driver", "driver", "witness"), (
        ("Two vehicle crash, no injuries. Driver 1 {d} failed to yield. Driver 2 {d2} could not stop in time. "
        "{w} saw the crash and confirmed the light was red for driver 1. UD-10 completed."),
        ("{d} rear ended {d2} at the light. Both vehicles driven from the scene. Information exchanged. Driver 1 was "
        "in a {car}."),
    ), "road"),
    Kind("hit and run", "HIT AND RUN - PROPERTY", "cs", ("victim", "witness"), (
        ("{v} came out of {shop} and found damage to the left rear quarter panel. {w} gave a description of a {car}, "
        "which left northbound. Attempts to locate the registered owner were negative."),
    ), "business"),
    Kind("welfare check", "WELFARE CHECK", "cs", ("reporting_party", "subject"), (
        ("{r} requested a check on {s}, who had not answered the phone ({phone}) for two days. Contact made at the "
        "door, {s} was fine and will call {r}. No further action."),
        "Checked on {s} at the request of {r}. {s} had left the phone at work. Advised to call family. Cleared.",
    )),
    Kind("noise", "NOISE COMPLAINT", "cs", ("reporting_party", "subject"), (
        "Loud music complaint from {r}. Contacted {s}, who turned it down. Warned.",
        "Third complaint this month. {s} advised of the ordinance. {r} did not wish to be contacted again.",
    )),
    Kind("trespass", "TRESPASS", "cs", ("reporting_party", "subject"), (
        "{r} of {shop} wants {s} trespassed from the property. {s} was advised verbally and left without incident.",
    ), "business"),
    Kind("damage", "MALICIOUS DESTRUCTION OF PROPERTY", "cs", ("victim", "suspect"), (
        ("{v} reports that {s} broke a window after an argument over money. Damage is estimated at ${sum}. {s} was "
        "GOA. Report forwarded to the prosecutor."),
    )),
    Kind("assault", "ASSAULT AND BATTERY", "cs", ("victim", "suspect", "witness"), (
        ("Verbal argument between {v} and {s} turned physical in the parking lot. {v} had a small cut and refused EMS. "
        "{w} gave a written statement. {s} was arrested and lodged."),
    ), "business"),
    Kind("family trouble", "FAMILY TROUBLE", "cs", ("reporting_party", "subject"), (
        "{r} and {s} were arguing over the use of a {car}. Parties were separated for the night. No assault.",
    )),
    Kind("phone fraud", "FRAUD - FALSE PRETENSE", "csb", ("victim",), (
        ("{v} received a call from {phone} from a male who claimed to be with the utility company and demanded "
        "payment. {v} bought gift cards for ${sum} and read the numbers over the phone. Number is no longer in "
        "service."),
        ("{v} answered a message about a prize and sent ${sum} by Cash App to ${tag}. The recipient then blocked "
        "{v}. Contact e-mail used by the suspect was {mail}."),
    )),
    Kind("identity theft", "IDENTITY THEFT", "cb", ("victim",), (
        ("{v} learned that a credit account was opened in the name of {v} at a store in another state. Balance is "
        "${sum}. E-mail on the application was {mail}. Report made for the bank."),
    )),
    Kind("found property", "FOUND PROPERTY", "c", ("reporting_party",), (
        "{r} turned in {item} found near the ball field. Tagged and placed in the property room.",
    ), "park"),
    Kind("alarm", "ALARM - FALSE", "cs", ("reporting_party",), (
        "Alarm, rear door. Building checked and found secure. Key holder {r} notified at {phone}.",
    ), "business"),
    Kind("suspicious vehicle", "SUSPICIOUS VEHICLE", "cs", ("reporting_party", "driver"), (
        "{r} reported a {car} parked at the end of the road. Driver {d} was waiting for a tow. All OK.",
    ), "road"),
    Kind("traffic stop", "OPERATING WHILE LICENSE SUSPENDED", "s", ("driver",), (
        ("Traffic stop on a {car} for expired registration. Driver {d} had a suspended license. Citation issued, "
        "vehicle turned over to a licensed passenger."),
        "Stopped a {car} for speed, 71 in a 55. {d} was operating on a suspended license. Cited and released.",
    ), "road"),
    Kind("civil", "CIVIL MATTER", "s", ("reporting_party", "subject"), (
        "{r} states that {s} will not return {item}. Both parties were advised that this is a civil matter.",
    )),
    Kind("animal", "ANIMAL COMPLAINT", "s", ("reporting_party", "subject"), (
        "Two horses in the roadway. Owner {s} was contacted and penned the animals. {r} advised.",
    ), "road"),
    Kind("missing adult", "MISSING PERSON - ADULT", "csb", ("reporting_party", "missing_person"), (
        ("{r} reports that {m} left for work and did not arrive. Entered in LEIN. {m} called home at {time}, the car "
        "had broken down. Cancelled."),
        "{m} walked away from home. {r} can be reached at {phone}. Located in good health the same evening.",
    )),
    Kind("check fraud", "UTTERING AND PUBLISHING", "b", ("victim", "suspect"), (
        ("{v} reports checks stolen from the mail and deposited by telephone. Losses to date are ${sum}. {s} is shown "
        "on the account into which they were paid. Subpoena served on the bank."),
    ), "business"),
    Kind("benefit fraud", "PUBLIC ASSISTANCE FRAUD", "b", ("suspect",), (
        ("Referral from the department. {s} is alleged to have reported no income while employed at {shop}. "
        "Overpayment of ${sum}. Interview scheduled; subject can be reached at {phone}."),
    )),
    Kind("online threat", "THREATS BY COMPUTER", "b", ("victim", "suspect"), (
        ("{v} received threatening messages from Instagram @{handle}. Preservation letter sent. The account came back "
        "to {s}, a former coworker. {s} was interviewed and admitted to the messages."),
    )),
    Kind("firearm trace", "STOLEN PROPERTY - FIREARM TRACE", "b", ("victim",), (
        ("Trace request from another state. Weapon was reported stolen by {v} in a prior year. Owner notified at "
        "{phone}."),
    )),
    Kind("arson assist", "FIRE INVESTIGATION - ASSIST", "b", ("victim", "witness"), (
        "Assisted the township with a garage fire. Cause undetermined. {v} was not home. {w} called 911.",
    )),
    Kind("background", "LICENSING BACKGROUND CHECK", "b", ("subject",), (
        "Background inquiry for a gaming license. {s} lists a {car} and one prior address. Nothing derogatory.",
    )),
)  # fmt: skip
