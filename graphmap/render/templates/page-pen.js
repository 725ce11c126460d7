'use strict';
// Two pens with the same few strokes, so that the canvas and the SVG file are painted by the same code.

// A path in SVG's notation; the browser's own form of it is made when first drawn, and kept.
const outline = d => ({d, path: null});
const rectangle = (x, y, width, height) => outline(`M${written(x)} ${written(y)}h${written(width)}v${written(height)}h${written(-width)}Z`);
const lineThrough = (...points) => outline(pathOf(points));

function roundedRectangle(x, y, width, height, corner) {
  const [w, h] = [written(width - 2 * corner), written(height - 2 * corner)];
  const turn = (dx, dy) => `a${corner} ${corner} 0 0 1 ${dx * corner} ${dy * corner}`;
  return outline(`M${written(x + corner)} ${written(y)}h${w}${turn(1, 1)}v${h}${turn(-1, 1)}h-${w}${turn(-1, -1)}v-${h}${turn(1, -1)}Z`);
}

const fontOf = ({size, bold}) => `${bold ? '600 ' : ''}${size}px ${fontFamily()}`;
const fontFamily = remembered(() => state.lang, () => getComputedStyle(document.body).fontFamily);

function canvasPen(context, ratio = 1) {
  const paint = (path, {fill, stroke, width = 1, dash = null, alpha = 1, cap = 'butt'}) => {
    context.globalAlpha = alpha;
    if (fill) {
      context.fillStyle = fill;
      context.fill(path);
    }
    if (stroke) {
      context.strokeStyle = stroke;
      context.lineWidth = width;
      context.lineCap = cap;
      context.setLineDash(dash ?? []);
      context.stroke(path);
    }
  };
  let [left, top] = [0, 0];
  let lastFont = null;
  const space = (scale, x, y) => context.setTransform(ratio * scale, 0, 0, ratio * scale, ratio * (x + left), ratio * (y + top));
  return {
    space, // from here on a unit is so many CSS pixels, and [0, 0] stands at x, y
    shape: (shape, style) => paint(shape.path ??= new Path2D(shape.d), style),
    circle(x, y, radius, style) {
      const path = new Path2D();
      path.arc(x, y, radius, 0, 2 * Math.PI);
      paint(path, style);
    },
    text(string, x, y, {size, bold, fill, halo, align = 'left', alpha = 1, turn = 0}) {
      const font = fontOf({size, bold});
      if (font !== lastFont) context.font = lastFont = font; // costly to set
      context.globalAlpha = alpha;
      context.textAlign = align;
      context.textBaseline = 'middle';
      if (turn) {
        context.save();
        context.translate(x, y);
        context.rotate(turn * Math.PI / 180);
        [x, y] = [0, 0];
      }
      if (halo) {
        context.lineJoin = 'round';
        context.lineWidth = size * 0.3;
        context.strokeStyle = halo;
        context.setLineDash([]);
        context.strokeText(string, x, y);
      }
      context.fillStyle = fill;
      context.fillText(string, x, y);
      if (turn) context.restore();
    },
    // What `draw` paints, in a window of the picture with its own [0, 0].
    within(x, y, width, height, draw) {
      context.save();
      [left, top] = [x, y];
      space(1, 0, 0);
      context.beginPath();
      context.rect(0, 0, width, height);
      context.clip();
      draw(this);
      context.restore();
      lastFont = null;
      [left, top] = [0, 0];
    },
  };
}

const markupSafe = value => String(value).replace(/[&<>"]/g, sign => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[sign]);
const svgTag = (name, attributes, inner = '') => {
  const listed = Object.entries(attributes).filter(([, value]) => value !== null && value !== undefined && value !== false)
    .map(([key, value]) => ` ${key}="${markupSafe(typeof value === 'number' ? Math.round(value * 100) / 100 : value)}"`).join('');
  return inner === '' ? `<${name}${listed}/>` : `<${name}${listed}>${inner}</${name}>`;
};

function svgPen() {
  const parts = [];
  let open = false;
  let clips = 0;
  const close = () => {
    if (open) parts.push('</g>');
    open = false;
  };
  const painted = ({fill, stroke, width = 1, dash, alpha = 1, cap}) => ({
    fill: fill ?? 'none', stroke, 'stroke-width': stroke && width, 'stroke-dasharray': dash?.join(' '), 'stroke-linecap': cap,
    opacity: alpha < 1 ? alpha : null,
  });
  return {
    space(scale, x, y) {
      close();
      parts.push(`<g transform="matrix(${scale} 0 0 ${scale} ${x} ${y})">`);
      open = true;
    },
    shape: ({d}, style) => parts.push(svgTag('path', {d, ...painted(style)})),
    circle: (x, y, radius, style) => parts.push(svgTag('circle', {cx: x, cy: y, r: radius, ...painted(style)})),
    text(string, x, y, {size, bold, fill, halo, align = 'left', alpha = 1, turn = 0}) {
      parts.push(svgTag('text', {
        x, y, fill, 'font-size': size, 'font-weight': bold ? 600 : null, 'dominant-baseline': 'central',
        'text-anchor': {left: null, center: 'middle', right: 'end'}[align], opacity: alpha < 1 ? alpha : null,
        transform: turn ? `rotate(${turn} ${x} ${y})` : null,
        stroke: halo, 'stroke-width': halo && size * 0.3, 'stroke-linejoin': halo && 'round', 'paint-order': halo && 'stroke',
      }, markupSafe(string)));
    },
    within(x, y, width, height, draw) {
      close();
      clips += 1;
      parts.push(`<clipPath id="clip-${clips}">${svgTag('rect', {width, height})}</clipPath><g transform="translate(${x} ${y})"><g clip-path="url(#clip-${clips})">`);
      draw(this);
      close();
      parts.push('</g></g>');
    },
    finished(width, height, title) {
      close();
      return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`
        + ` lang="${state.lang}" font-family="${markupSafe(fontFamily())}" role="img"><title>${markupSafe(title)}</title>${parts.join('')}</svg>`;
    },
  };
}
