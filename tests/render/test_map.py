"""The map on its canvas, used as a person would: mouse, wheel, fingers and keys."""

from __future__ import annotations

import base64
import io
from xml.etree import ElementTree

import pytest
from watching import overlaps, still

import graphmap as gm

ELECTRICITY = "CN-GD.24"


def stand(page, sector: str) -> tuple[float, float]:
    """Where a sector stands, in CSS pixels of the window."""
    found = page.evaluate(
        """id => { const {x, y} = graphmap.place(id);
        const frame = document.getElementById('map').getBoundingClientRect();
        return [x + frame.left, y + frame.top]; }""",
        sector,
    )
    return found[0], found[1]


def free_spot(page) -> tuple[float, float]:
    """A place of the map where there is neither dot nor flow."""
    found = page.evaluate(
        """() => { const frame = document.getElementById('map').getBoundingClientRect();
        for (let y = 20; y < frame.height; y += 7) for (let x = 20; x < frame.width; x += 7)
          if (!dotUnder(x, y) && !flowUnder(x, y)) return [x + frame.left, y + frame.top]; }"""
    )
    return found[0], found[1]


def picture(page) -> bytes:
    """The pixels of the canvas."""
    page.evaluate(
        """async () => { do await new Promise(done => setTimeout(done, 250));
        while (asked || movement); }"""
    )
    found: str = page.evaluate("document.getElementById('map').toDataURL()")
    return base64.b64decode(found.split(",")[1])


def state(page, key: str):
    return page.evaluate("key => graphmap.state[key]", key)


def press(page, *keys: str) -> None:
    page.focus("#map")
    for key in keys:
        page.keyboard.press(key)


@pytest.fixture
def shown(open_page, sample_page):
    """The sample's page, quite still."""
    page = open_page(sample_page, 1280, 800)
    still(page)
    return page


def test_the_wheel_zooms_at_the_pointer(shown):
    x, y = stand(shown, ELECTRICITY)
    scale = shown.evaluate("mapScale()")
    shown.mouse.move(x, y)
    shown.mouse.wheel(0, -300)
    shown.wait_for_function("() => state.view !== null")
    still(shown)
    assert shown.evaluate("mapScale()") > 1.3 * scale
    assert stand(shown, ELECTRICITY) == pytest.approx((x, y), abs=1.0)
    assert "view=" in shown.url


def test_dragging_the_map_moves_everything_alike(shown):
    before = [stand(shown, f"CN-GD.{code}") for code in ("24", "27")]
    x, y = free_spot(shown)
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x + 50, y + 20, steps=4)
    shown.mouse.move(x + 90, y + 35, steps=4)
    assert state(shown, "view") is None  # the address is written at the end of a gesture
    shown.mouse.up()
    after = [stand(shown, f"CN-GD.{code}") for code in ("24", "27")]
    for old, new in zip(before, after, strict=True):
        assert (new[0] - old[0], new[1] - old[1]) == pytest.approx((90, 35), abs=1.0)
    assert state(shown, "chosen") is None
    assert state(shown, "view") is not None


def test_two_fingers_zoom(shown):
    scale = shown.evaluate("mapScale()")
    x, y = free_spot(shown)
    client = shown.context.new_cdp_session(shown)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": px, "y": py, "id": i} for i, (px, py) in enumerate(places)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (x + 100, y + 100))
    touch("touchStart", (x + 100, y + 100), (x + 200, y + 100))
    for reach in range(0, 101, 20):
        touch("touchMove", (x + 100 - reach / 2, y + 100), (x + 200 + reach / 2, y + 100))
    touch("touchEnd")
    still(shown)
    assert shown.evaluate("mapScale()") == pytest.approx(2 * scale, rel=0.05)
    assert state(shown, "view") is not None


def test_a_dragged_sector_stays_where_it_was_put(shown, open_page, sample_page):
    x, y = stand(shown, ELECTRICITY)
    others = stand(shown, "CN-GD.27")
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x + 60, y - 80, steps=6)
    shown.mouse.up()
    still(shown)
    assert stand(shown, ELECTRICITY) == pytest.approx((x + 60, y - 80), abs=1.5)
    assert stand(shown, "CN-GD.27") == pytest.approx(others, abs=0.1)
    assert state(shown, "chosen") is None
    assert ELECTRICITY in state(shown, "pins")
    again = open_page(sample_page, 1280, 800)
    again.goto(shown.url)
    again.reload()
    again.wait_for_selector("html[data-drawn]", state="attached")
    assert stand(again, ELECTRICITY) == pytest.approx((x + 60, y - 80), abs=1.5)


def test_a_click_chooses_and_a_click_beside_clears(shown):
    shown.mouse.click(*stand(shown, ELECTRICITY))
    assert state(shown, "chosen") == ELECTRICITY
    said = shown.inner_text("#map-status")
    assert "Electricity" in said and "CNY" in said and "High-carbon" in said
    shown.mouse.click(*free_spot(shown))
    assert state(shown, "chosen") is None
    assert shown.inner_text("#map-status") == ""


def test_a_double_click_shows_one_step(shown):
    drawn = shown.evaluate("shownFlows().length")
    shown.mouse.dblclick(*stand(shown, ELECTRICITY))
    assert state(shown, "steps") == 1
    one = shown.evaluate("shownFlows().map(({from, to}) => [from, to])")
    assert 0 < len(one) < drawn
    assert all(ELECTRICITY in ends for ends in one)
    shown.click('.focus button[data-steps="2"]')
    two = shown.evaluate("shownFlows().map(({from, to}) => [from, to])")
    near = {end for ends in one for end in ends}
    assert len(one) < len(two) <= drawn
    assert all(set(ends) & near for ends in two)
    pressed = shown.get_attribute('.focus button[data-steps="2"]', "aria-pressed")
    assert pressed == "true"
    shown.click('.focus button[data-steps="0"]')
    assert shown.evaluate("shownFlows().length") == drawn


def test_pointing_at_a_sector_tells_what_it_is(shown):
    plain = picture(shown)
    shown.mouse.move(*stand(shown, ELECTRICITY))
    assert shown.is_visible("#tooltip")
    said = shown.inner_text("#tooltip")
    assert "electric power" in said and "Gross output CNY" in said.replace("\xa0", " ")
    assert picture(shown) != plain  # its neighbourhood stands out
    shown.mouse.move(*free_spot(shown))
    assert not shown.is_visible("#tooltip")
    assert picture(shown) == plain


def test_pointing_at_a_flow_tells_supplier_user_amount_and_share(shown):
    x, y, supplier, user = shown.evaluate(
        """() => { const frame = document.getElementById('map').getBoundingClientRect();
        for (const edge of [...scene().edges].reverse()) for (let t = 0.3; t < 0.8; t += 0.02) {
          const [mx, my] = pointOn(edge.shape.curve, t), {x, y} = onScreen(mx, my);
          if (!dotUnder(x, y) && flowUnder(x, y) === edge) return [x + frame.left, y + frame.top,
            ...[edge.flow.from, edge.flow.to].map(id => now.sectors.get(id).short.en)];
        } }"""
    )
    shown.mouse.move(x, y)
    said = shown.inner_text("#tooltip").replace("\xa0", " ")
    assert f"{supplier} → {user}" in said
    assert "Embodied CO₂" in said and " Mt" in said and "%" in said
    shown.mouse.move(2, 2)
    assert not shown.is_visible("#tooltip")


def test_keys_move_the_choice_zoom_and_clear(shown):
    press(shown, "ArrowRight")
    first = state(shown, "chosen")
    assert first is not None
    press(shown, "ArrowRight")
    second = state(shown, "chosen")
    assert stand(shown, second)[0] > stand(shown, first)[0]
    press(shown, "ArrowDown")
    assert stand(shown, state(shown, "chosen"))[1] > stand(shown, second)[1]
    press(shown, "Enter")
    assert state(shown, "steps") == 1
    press(shown, " ")
    assert state(shown, "steps") == 0
    scale = shown.evaluate("mapScale()")
    press(shown, "+")
    assert shown.evaluate("mapScale()") > scale
    press(shown, "-")
    assert shown.evaluate("mapScale()") == pytest.approx(scale, rel=1e-3)
    press(shown, "+", "0")
    assert state(shown, "view") is None
    press(shown, "Escape")
    assert state(shown, "chosen") is None


def test_the_buttons_zoom_fit_pin_and_reset(shown):
    scale = shown.evaluate("mapScale()")
    shown.click("#zoom-in")
    assert shown.evaluate("mapScale()") > scale
    shown.click("#zoom-out")
    shown.click("#zoom-out")
    assert shown.evaluate("mapScale()") < scale
    shown.click("#zoom-fit")
    assert shown.evaluate("mapScale()") == scale
    assert shown.is_disabled("#pin")
    shown.mouse.click(*stand(shown, ELECTRICITY))
    shown.click("#pin")
    assert list(state(shown, "pins")) == [ELECTRICITY]
    assert shown.get_attribute("#pin", "aria-pressed") == "true"
    shown.click("#pin")
    assert state(shown, "pins") == {}
    shown.click("#pin")
    shown.evaluate("graphmap.update({role: 'high_carbon', steps: 1, weight: 'money'})")
    shown.click("#zoom-in")
    shown.click("#reset")
    kept = {key: state(shown, key) for key in ("pins", "view", "chosen", "steps", "role")}
    assert kept == {"pins": {}, "view": None, "chosen": None, "steps": 0, "role": None}
    assert state(shown, "weight") == "money"


def test_full_screen(shown):
    shown.click("#full-screen")
    shown.wait_for_selector(".stage:fullscreen")
    shown.click("#full-screen")
    shown.wait_for_selector(".stage:not(:fullscreen)")


def test_filters_leave_matching_sectors_and_the_flows_that_touch_them(shown):
    shown.evaluate("graphmap.update({role: 'high_output'})")
    wrong = shown.evaluate(
        """() => [...scene().dots.filter(({sector, presence}) =>
            (presence === 'full') !== sector.roles.includes('high_output')),
          ...shownFlows().filter(({from, to}) => ![from, to].some(id =>
            now.sectors.get(id).roles.includes('high_output')))].length"""
    )
    assert wrong == 0
    assert 0 < shown.evaluate("shownFlows().length") < shown.evaluate("keptFlows().length")


def test_loops_are_drawn_when_asked_for(shown):
    assert shown.evaluate("drawnFlows().some(({from, to}) => from === to)") is False
    plain = picture(shown)
    shown.evaluate("graphmap.update({loops: true})")
    assert shown.evaluate("drawnFlows().some(({from, to}) => from === to)") is True
    assert picture(shown) != plain


def test_an_address_restores_exactly_what_was_seen(shown, open_page, sample_page):
    x, y = stand(shown, ELECTRICITY)
    shown.mouse.move(x, y)
    shown.mouse.wheel(0, -217)
    shown.wait_for_function("() => state.view !== null")
    shown.mouse.click(x, y)
    x, y = free_spot(shown)
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x + 33, y + 41, steps=5)
    shown.mouse.up()
    shown.mouse.move(5, 5)
    shown.evaluate("graphmap.update({colour: 'position', size: 'direct_co2'})")
    seen = picture(shown)
    again = open_page(sample_page, 1280, 800)
    again.goto("about:blank")
    again.goto(shown.url)
    again.wait_for_selector("html[data-drawn]", state="attached")
    assert picture(again) == seen
    again.set_viewport_size({"width": 1000, "height": 700})
    still(again)
    again.set_viewport_size({"width": 1280, "height": 800})
    assert picture(again) == seen


def test_no_label_covers_another_in_any_layout_at_any_zoom(shown):
    for layout in shown.evaluate("Object.keys(study.layouts)"):
        for factor in (1, 0.6, 0.3, 2):
            shown.evaluate(
                "([layout, factor]) => { graphmap.update({layout, view: null}); zoomBy(factor); }",
                [layout, factor],
            )
            still(shown)
            boxes = shown.evaluate("graphmap.labelBoxes()")
            assert len(boxes) > 5
            assert overlaps(boxes) == []


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_the_map_is_filled_and_nothing_on_it_is_cut(open_page, sample_page, size):
    page = open_page(sample_page, *size)
    for layout in page.evaluate("Object.keys(study.layouts)"):
        page.evaluate("layout => graphmap.update({layout, loops: false})", layout)
        still(page)
        width, height = page.evaluate("[stage.width, stage.height]")
        boxes = page.evaluate(
            """() => [...labelBoxes(), ...headings(), ...scene().dots.map(dot => {
              const {x, y} = onScreen(dot.x, dot.y), r = dot.radius * mapScale();
              return {left: x - r, right: x + r, top: y - r, bottom: y + r}; })]"""
        )
        assert min(box["left"] for box in boxes) >= 0, layout
        assert max(box["right"] for box in boxes) <= width, layout
        assert min(box["top"] for box in boxes) >= 0, layout
        assert max(box["bottom"] for box in boxes) <= height, layout
        titles = page.evaluate("headings().map(({dot, ...box}) => ({id: dot, ...box}))")
        assert overlaps(titles) == []
        assert layout != "group" or len(titles) > 5
        if layout in ("chain", "force"):
            filled = max(b["bottom"] for b in boxes) - min(b["top"] for b in boxes)
            assert filled > 0.8 * height
        if layout == "chain":  # flows back up the chain arch over the others
            tops = page.evaluate(
                "scene().edges.map(({shape: {curve}}) => Math.min(...[0, 2, 4, 6, 8].map(n =>"
                " onScreen(...pointOn(curve, n / 8)).y)))"
            )
            assert min(tops) >= 0


def test_a_pin_and_a_filter_hold_in_a_window_of_another_shape(shown, open_page, sample_page):
    x, y = stand(shown, ELECTRICITY)
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x + 40, y - 60, steps=4)
    shown.mouse.up()
    shown.evaluate("graphmap.update({role: 'high_carbon', community: 1})")
    still(shown)
    pins = state(shown, "pins")
    share = "[ELECTRICITY, other].map(id => scene().dotOf.get(id)).map(({y}) => y / stretch()[1])"
    share = share.replace("ELECTRICITY, other", f"'{ELECTRICITY}', 'CN-GD.27'")
    before = shown.evaluate(share)
    other = open_page(sample_page, 900, 900)
    other.goto("about:blank")
    other.goto(shown.url)
    other.wait_for_selector("html[data-drawn]", state="attached")
    assert other.evaluate("stretch()") != shown.evaluate("stretch()")
    assert state(other, "pins") == pins
    assert (state(other, "role"), state(other, "community")) == ("high_carbon", 1)
    assert other.evaluate(share) == pytest.approx(before, abs=0.02)


def test_an_address_keeps_its_view_though_the_chosen_sector_lies_outside(open_page, sample_page):
    page = open_page(sample_page)
    page.goto(page.url + f"#chosen={ELECTRICITY}&view=900,100,4")
    page.reload()
    page.wait_for_selector("html[data-drawn]", state="attached")
    assert state(page, "view") == [900, 100, 4]
    page.evaluate("graphmap.update({chosen: 'CN-GD.27'})")  # as from a table
    x, y = page.evaluate("(({x, y}) => [x, y])(graphmap.place('CN-GD.27'))")
    assert 0 <= x <= page.evaluate("stage.width") and 0 <= y <= page.evaluate("stage.height")
    assert state(page, "view") != [900, 100, 4]


def test_an_address_that_makes_no_sense_is_passed_over(open_page, sample_page):
    page = open_page(sample_page)
    page.goto(page.url + "#community=99&role=none&pair=CN-GD,CN-GD&view=1,2&pins=x,1,2")
    page.reload()
    page.wait_for_selector("html[data-drawn]", state="attached")
    read = {key: state(page, key) for key in ("community", "role", "pair", "view", "pins")}
    assert read == {"community": None, "role": None, "pair": None, "view": None, "pins": {}}


def test_flows_are_not_painted_anew_while_a_hand_is_on_the_map(shown):
    x, y = free_spot(shown)
    shown.evaluate("layer.took = 1000")  # as on a map of six thousand flows
    shown.mouse.move(x, y)
    shown.mouse.down()
    shown.mouse.move(x + 60, y + 20, steps=4)
    shown.wait_for_timeout(800)
    assert shown.evaluate("sameCamera(layer.camera, camera)") is False
    shown.mouse.up()
    in_parts = picture(shown)
    assert shown.evaluate("sameCamera(layer.camera, camera)") is True
    shown.mouse.move(2, 2)
    in_parts = picture(shown)
    shown.evaluate("layer.scene = null; drawMap()")
    assert picture(shown) == in_parts


def test_sizes_move_smoothly_unless_the_reader_wants_no_motion(shown):
    measure = """async () => {
        const radius = () => scene().dotOf.get('CN-GD.24').radius;
        const frames = n => new Promise(done => {
          const next = left => (left ? requestAnimationFrame(() => next(left - 1)) : done());
          next(n); });
        graphmap.update({size: 'gross_output'}); await new Promise(r => setTimeout(r, 600));
        graphmap.update({size: 'direct_co2'}); await frames(1);
        const early = radius(); await new Promise(r => setTimeout(r, 600));
        return [early, radius()]; }"""
    early, late = shown.evaluate(measure)
    assert early < late - 1
    shown.emulate_media(reduced_motion="reduce")
    early, late = shown.evaluate(measure)
    assert early == late


def test_thin_flows_and_directions_can_be_seen(shown):
    thinnest = shown.evaluate(
        "Math.min(...scene().edges.map(({width}) => Math.max(width, THINNEST_LINE / mapScale())"
        " * mapScale()))"
    )
    assert thinnest >= 0.8
    # every arrowhead ends at the rim of its user, and points at it
    off = shown.evaluate(
        """() => Math.max(...scene().edges.map(({shape, to}) => {
          const [x, y] = shape.head.d.match(/-?[\\d.]+/g).map(Number);
          return Math.abs(Math.hypot(x - to.x, y - to.y) - to.radius - RIM_GAP); }))"""
    )
    assert off < 0.5


def test_the_svg_is_well_formed_and_has_every_label(shown):
    shown.evaluate("() => { now.sectors.get('CN-GD.24').label.en = '<script>&\"'; forgetScene(); }")
    root = ElementTree.fromstring(shown.evaluate("mapSvg()"))
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert '<script>&"' in texts
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    lines = shown.evaluate("placedLabels.flatMap(({lines}) => lines)")
    assert len(lines) > 42 and set(lines) <= set(texts)
    assert root.find("{http://www.w3.org/2000/svg}title").text.startswith("Guangdong")
    assert any("Source" in text for text in texts)
    assert {"High-carbon", "High-output"} <= set(texts)


def test_the_picture_has_the_paper_under_it(shown):
    image = pytest.importorskip("PIL.Image")
    data = shown.evaluate("mapPicture(2).toDataURL().split(',')[1]")
    found = image.open(io.BytesIO(base64.b64decode(data))).convert("RGBA")
    assert found.getchannel("A").getextrema() == (255, 255)
    assert found.width >= 2 * shown.evaluate("stage.width")
    assert found.height > 2 * shown.evaluate("stage.height")


def test_a_sector_stands_at_its_place_in_every_weight_and_size(shown):
    before = stand(shown, "CN-GD.27")
    shown.evaluate("graphmap.update({weight: 'money', colour: 'group'})")
    still(shown)
    assert stand(shown, "CN-GD.27") == before


# ---------------------------------------------------------------- several regions


@pytest.fixture(scope="session")
def regions_page(tmp_path_factory):
    """Guangdong and Zhejiang of the sample, in one page."""
    path = tmp_path_factory.mktemp("regions") / "two.html"
    gm.write_page(gm.study(gm.read("sample"), lang="en"), path)
    return path


def test_regions_fold_and_unfold_by_a_click(open_page, regions_page):
    page = open_page(regions_page, 1280, 800)
    page.evaluate("graphmap.update({layout: 'regions'})")
    still(page)
    frame = page.evaluate("(({left, top}) => [left, top])(mapCanvas.getBoundingClientRect())")
    heading = page.evaluate("(({left, top}) => [left, top])(headings()[0])")
    assert page.evaluate("scene().dots.some(({region}) => region)") is False
    page.mouse.click(frame[0] + heading[0] + 15, frame[1] + heading[1] + 5)
    assert state(page, "unfolded") == ["CN-ZJ"]
    still(page)
    dots = page.evaluate("scene().dots.filter(({region}) => region).map(({region}) => region)")
    assert dots == ["CN-GD"]
    between = page.evaluate("drawnFlows().filter(({between}) => between)")
    exact = page.evaluate("now.between[state.weight]")
    assert sorted(flow["embodied_co2"] for flow in between) == sorted([exact[0][1], exact[1][0]])
    page.mouse.click(*stand(page, ELECTRICITY))  # of a folded region: its dot
    assert state(page, "unfolded") == ["CN-GD", "CN-ZJ"]


def test_a_pair_of_regions_shows_the_flows_between_the_two(open_page, regions_page):
    page = open_page(regions_page, 1280, 800)
    page.evaluate("graphmap.update({layout: 'regions', pair: ['CN-GD', 'CN-ZJ']})")
    ends = page.evaluate("shownFlows().map(({from, to}) => [from.slice(0, 5), to.slice(0, 5)])")
    assert ends and all(each == ["CN-GD", "CN-ZJ"] for each in ends)
    found = page.evaluate("(({shown, total}) => [shown, total])(pairFlows())")
    assert 0 < found[0] <= found[1] * (1 + 1e-9)
    assert found[1] == page.evaluate("now.between.embodied_co2[0][1]")


@pytest.mark.parametrize("pair", [["CN-GD", "CN-ZJ"], ["CN-ZJ", "CN-GD"]])
def test_the_supplier_of_a_pair_stands_above_its_user(open_page, regions_page, pair):
    page = open_page(regions_page, 1280, 800)
    page.evaluate("pair => graphmap.update({layout: 'regions', pair})", pair)
    still(page)
    frames = page.evaluate("Object.fromEntries(scene().frames.map(f => [f.region, f]))")
    supplier, user = (frames[region] for region in pair)
    assert supplier["top"] + supplier["height"] < user["top"]
    assert supplier["left"] == user["left"]
    inside = page.evaluate(
        """() => scene().dots.every(({x, y, sector}) => { const [left, top, width, height] =
        cells()[sector.region]; return x >= left && x <= left + width && y >= top
        && y <= top + height; })"""
    )
    assert inside
    sector = f"{pair[1]}.24"
    x, y = stand(page, sector)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y - 20, steps=3)
    page.mouse.up()
    still(page)
    assert stand(page, sector) == pytest.approx((x + 30, y - 20), abs=1)
    page.reload()
    page.wait_for_selector("html[data-drawn]", state="attached")
    assert state(page, "pair") == pair
    assert stand(page, sector) == pytest.approx((x + 30, y - 20), abs=1)


def test_the_share_of_flows_cannot_be_changed_where_only_regions_are_seen(open_page, regions_page):
    page = open_page(regions_page, 1280, 800)
    page.evaluate("graphmap.update({layout: 'regions'})")
    assert page.is_enabled("#keep")
    page.evaluate("graphmap.update({unfolded: []})")
    assert page.is_disabled("#keep")
    page.evaluate("graphmap.update({unfolded: ['CN-GD']})")
    assert page.is_enabled("#keep")
    legend = page.wait_for_function(
        "() => { const said = document.getElementById('legend').innerText;"
        " return said.includes('on a scale of their own') && said; }"
    )
    assert "totals between regions" in legend.json_value()
