"""Words that the fictional region is made of: names, streets, cars, things that get stolen."""

# ruff: noqa: SIM905 - names read best as running text

from __future__ import annotations

GIVEN_F = (
    "Abigail Adele Alma Amber Beatrice Bonnie Camille Carla Celia Clara Daphne Della Donna Edith Elena Elise Erin "
    "Faith Fern Gloria Greta Hazel Heather Imogen Ingrid Irene Jill Joan June Kara Keisha Kendra Leah Lena Lorna "
    "Lucia Mabel Marisol Maxine Mira Nadia Nina Odessa Opal Paloma Petra Priya Renée Rhea Rosalind Selma Shauna "
    "Tamika Tess Thelma Una Vera Wanda Willa Yolanda Zora"
).split()

GIVEN_M = (
    "Aaron Alvin Amos Andre Anton Barney Benito Bradley Calvin Cedric Clyde Cody Curtis Darnell Dominic Earl Edgar "
    "Eli Emmett Ezra Felix Floyd Garrett Gilbert Grant Harlan Hector Homer Ira Isaac Jasper Jerome José Karl Kendall "
    "Lamar Leland Lester Luther Marvin Milo Moses Neil Norman Omar Orville Otis Percy Quentin Ralph Reggie Roland "
    "Rufus Saul Sergio Terrence Trent Ulysses Vernon Virgil Wade Wendell Wilbur Xavier Zane"
).split()

SURNAMES = (
    "Abernathy Aldridge Applewhite Bainbridge Barlow Beauchamp Birdsong Blackwell Bramlett Brindley Buckner Burkhart "
    "Calloway Carmody Castellano Chadwick Clemmons Colquitt Corrigan Crenshaw Cuthbert Dalrymple Delacroix Dempsey "
    "Dombrowski Drummond Eastman Ellery Escobedo Fairbanks Farnsworth Fenwick Figueroa Fitzhugh Fontenot Gallagher "
    "Garrison Gilchrist Goddard Greenleaf Hadley Halvorsen Hargrove Hathaway Hendershot Holloway Hornsby Huckabee "
    "Ingersoll Ivanov Jablonski Jernigan Kaczmarek Kilgore Kowalczyk Lachance Lancaster Larkin Leclair Lindqvist "
    "Lockhart Lovelace Luttrell MacAllister Maldonado Marchetti Mayfield McElroy Merriweather Montoya Mosley "
    "Nakamura Nightingale Norcross O'Dell O'Rourke Okafor Olmstead Ostrowski Paddock Pemberton Pettigrew Pickens "
    "Quackenbush Quintero Radcliffe Ramsdell Ravenel Ridgeway Rosenthal Rutledge Salcedo Satterfield Schaefer "
    "Shelby Silvestri Sinclair Spaulding Stallworth Stroud Swanson Tadlock Thibodeaux Thornhill Tidwell Trujillo "
    "Underhill Valdez Van-Houten Vasquez Wadsworth Wainwright Waterhouse Whitaker Wickham Winslow Yarbrough "
    "Yeager Zielinski Zimmerman"
).split()

NICKNAMES = {
    "Abigail": "Abby", "Beatrice": "Bea", "Benito": "Benny", "Bradley": "Brad", "Calvin": "Cal", "Curtis": "Curt",
    "Dominic": "Dom", "Edgar": "Ed", "Gilbert": "Gil", "Jerome": "Jerry", "José": "Pepe", "Kendall": "Ken",
    "Leland": "Lee", "Lester": "Les", "Maxine": "Max", "Norman": "Norm", "Quentin": "Quent", "Reggie": "Reg",
    "Rosalind": "Roz", "Terrence": "Terry", "Vernon": "Vern", "Wendell": "Dell", "Wilbur": "Will",
    "Yolanda": "Yoli",
}  # fmt: skip

STREET_NAMES = (
    "Slate", "Domino", "Papa Lou", "Deacon", "Tico", "Big Sal", "Vee", "Cricket", "Mister Ray", "Juno", "Halo",
    "Stax", "Duke", "Bishop", "Lady Dee", "Nickel", "Rook", "Sonny Blue", "Tank", "Zeek",
)  # fmt: skip

STREETS = (
    "Alder Cooper Depot Elm Foundry Garfield Harbor Jefferson Kiln Lakeview Maple Mill Monroe Oak Orchard Pine "
    "Quarry Railroad Spruce Sycamore Tannery Union Walnut Water Willow"
).split()

STREET_KINDS = ("St", "Ave", "Rd", "Dr", "Ln")
SPELLED_OUT = {"St": "Street", "Ave": "Avenue", "Rd": "Road", "Dr": "Drive", "Ln": "Lane"}

TOWNS = (("Port Alden", "49901"), ("Cedar Ferry", "49902"), ("Millrace", "49903"), ("Harlow Point", "49904"))
"""Fictional towns; no office of the real postal service uses these codes for them."""

MOTELS = ("Pine Rest Motel", "Lakeshore Inn", "Interstate Lodge", "Blue Heron Motor Court", "Crossroads Suites")
SHELTER = "Harbor Light Youth Shelter"

CARS = (
    ("Ford", "Escape"), ("Ford", "Fusion"), ("Chevrolet", "Malibu"), ("Chevrolet", "Equinox"), ("Dodge", "Durango"),
    ("Chrysler", "300"), ("Jeep", "Patriot"), ("Honda", "Accord"), ("Honda", "CR-V"), ("Toyota", "Camry"),
    ("Nissan", "Altima"), ("Buick", "Enclave"), ("GMC", "Terrain"), ("Kia", "Sorento"), ("Hyundai", "Sonata"),
)  # fmt: skip

COLORS = (
    ("BLK", "Black"), ("WHI", "White"), ("SIL", "Silver"), ("GRY", "Gray"), ("BLU", "Blue"), ("RED", "Red"),
    ("GRN", "Green"), ("TAN", "Tan"),
)  # fmt: skip

ITEMS = (
    "a cordless drill set", "a laptop computer", "two bicycles", "a purse", "a chain saw", "a gold watch",
    "copper pipe", "a game console", "a leaf blower", "a wallet", "prescription eyeglasses", "a set of golf clubs",
    "a generator", "a canoe paddle and life vests", "hand tools",
)  # fmt: skip

SHOPS = (
    "Tannery Market", "Lakeside Hardware", "Foundry Fuel & Go", "Alden Pharmacy", "Corner Thrift", "Bay Sporting Goods",
)  # fmt: skip

MAIL_DOMAINS = ("postbox.example", "mailhaven.example", "inbox.example", "quickmail.example")
AD_SITES = ("skipads.example", "cityboard.example", "listcrate.example")
SOCIAL = ("Instagram", "Snapchat")
PAYMENT = "Cash App"

HANDLE_HEADS = "quiet amber lunar north velvet cedar copper winter indigo marble".split()
HANDLE_TAILS = "larkspur heron lantern harbor sparrow willow comet juniper otter thistle".split()
