"""Fonts: found for each language, measured as they are drawn, never an empty box."""

from __future__ import annotations

import shutil
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager

from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES
from graphmap.render import fonts
from graphmap.render.figures.style import styled

DEJAVU = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
CACHED = (fonts._known, fonts.characters, fonts.family, fonts._advance)


def forget() -> None:
    for each in CACHED:
        each.cache_clear()


@pytest.fixture
def bare(monkeypatch):
    """A machine with no font but the one that comes with matplotlib."""
    only = [entry for entry in fontManager.ttflist if Path(entry.fname) == DEJAVU]
    assert only
    monkeypatch.setattr(fontManager, "ttflist", only)
    monkeypatch.setattr(fonts, "findSystemFonts", list)
    forget()
    yield
    forget()


@pytest.fixture
def chinese():
    if "Noto Sans CJK SC" not in fonts._known():
        pytest.skip("fonts-noto-cjk is not installed")


@pytest.mark.parametrize(
    ("tag", "first"), [("en", "JP"), ("zh-Hans", "SC"), ("zh-Hant", "HK")], ids=LANGUAGES
)
def test_each_language_has_its_own_face(chinese, tag, first) -> None:
    assert fonts.family(tag)[0] == f"Noto Sans CJK {first}"


def test_without_a_chinese_font_the_message_says_what_to_install(bare) -> None:
    assert fonts.family("en") == ["DejaVu Sans"]
    for tag in LANGUAGES[1:]:
        with pytest.raises(DataError, match=r"no font for Chinese.*fonts-noto-cjk"):
            fonts.family(tag)


def test_a_chinese_name_in_an_english_figure_is_no_box_either(bare) -> None:
    with pytest.raises(DataError, match=r"煤 \(U\+7164\).*fonts-noto-cjk"):
        fonts.families_for(["Coal 煤"], "en")


def test_a_font_newer_than_the_list_of_fonts_is_found(bare, monkeypatch, tmp_path) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    new = shutil.copy(DEJAVU, tmp_path / "new.ttf")
    monkeypatch.setattr(fontManager, "ttflist", [])
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: [str(new), str(broken)])
    forget()
    assert "A" in fonts.characters("DejaVu Sans")
    assert str(fonts._known()["DejaVu Sans"].fname) == str(new)


def test_other_scripts_are_written_with_other_fonts() -> None:
    found = fonts.families_for(["مرحبا → ①"], "en")
    assert set("مرحبا→①") <= frozenset().union(*map(fonts.characters, found))


def test_what_no_font_has_is_named_and_never_drawn_as_a_box() -> None:
    with pytest.raises(DataError, match="U\\+10FFFD"):
        fonts.families_for(["a\U0010fffd"], "en")
    assert not any("Last Resort" in name for name in fonts._known())


def test_what_cannot_be_drawn_is_left_out() -> None:
    assert fonts.drawable("a\x00b\u202ec\u200bd\ne") == "abcd\ne"


@pytest.mark.parametrize("tag", LANGUAGES)
@pytest.mark.parametrize("bold", [False, True])
def test_a_text_is_measured_as_it_is_drawn(chinese, tag, bold) -> None:
    text = "电力热力 Electricity & heat, 1,234 Mt CO₂"
    with styled(tag):
        fig = Figure(figsize=(10, 2), dpi=100)
        drawn = fig.text(0, 0.5, text, size=20, weight="bold" if bold else "normal")
        box = drawn.get_window_extent(FigureCanvasAgg(fig).get_renderer())
    width, height = fonts.text_extent(text, 20, tag, bold)
    assert width == pytest.approx(box.width * 0.72, abs=2)
    assert height >= box.height * 0.72


def test_extents_grow_with_size_lines_and_weight(chinese) -> None:
    width, height = fonts.text_extent("Coal mining", 10, "en")
    assert fonts.text_extent("Coal mining", 25, "en") == pytest.approx((2.5 * width, 2.5 * height))
    assert fonts.text_extent("Coal\nmining", 10, "en")[1] == pytest.approx(2 * height)
    assert fonts.text_extent("Coal\nmining", 10, "en")[0] < width
    assert fonts.text_extent("Coal mining", 10, "en", bold=True)[0] > width


@settings(max_examples=60)
@given(text=st.text(st.sampled_from("电力热 coal,。（x\n"), max_size=40), width=st.floats(25, 200))
def test_broken_lines_fit_and_lose_nothing(text, width) -> None:
    lines = fonts.broken(text, width, 10, "zh-Hans")
    assert all(fonts.text_extent(line, 10, "zh-Hans")[0] <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_begins_with_a_full_stop(chinese) -> None:
    lines = fonts.broken("电力热力。非金属制品，建筑", 45, 10, "zh-Hans")
    assert len(lines) > 2
    assert not any(line[0] in "。，" for line in lines)


def test_a_middle_dot_between_latin_words_is_no_chinese_one(chinese) -> None:
    def room(tag):
        with_dot, without = (fonts.text_extent(f"a{c}a", 10, tag)[0] for c in ("·", ""))
        return with_dot - without

    assert room("en") < 6 < room("zh-Hans")


def test_chinese_in_an_english_figure_has_a_chinese_face(chinese) -> None:
    assert fonts.families_for(["Coal"], "en") == ["Noto Sans CJK JP"]
    assert fonts.families_for(["煤 coal"], "en") == ["Noto Sans CJK SC"]
