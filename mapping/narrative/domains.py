"""The ends of host names that may be believed in a sentence without `http://` or `www.` before them."""

from __future__ import annotations

from mapping.normalize.word_list import words

CERTAIN = words(
    """
    com net org edu gov mil info biz io ai app dev xyz site online club shop ws mobi website adult sexy sex xxx porn
    webcam dating singles vip pics ca uk de fr mx ru cn nl eu ch se jp kr au nz br es pl ua ro cz il za gr hu ie dk
    tr hk tw sg th vn cl pe ec gl ly gg
    """
)
"""Believed wherever they stand at the end of a host name."""

DOUBTFUL = words(
    """
    co it is to me us in at so no my be as am do by la pm pr sh st md va ma pa al ad id ph tv cc ar fi top live link
    click store tech space fun life world today cam chat date love network email agency media news blog wiki page
    name
    """
)
"""Words and abbreviations too, where a blank behind a full stop is easily forgotten: believed only before a path."""
