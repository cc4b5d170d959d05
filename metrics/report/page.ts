import { chartStyle } from './chart-style.ts';
import { markup, type Markup } from './markup.ts';
import { printStyle } from './print-style.ts';
import { style } from './style.ts';

/** The page holds all that it shows, and may load nothing. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'";

interface Page {
  readonly title: string;
  /** What only this page draws. */
  readonly ownStyle: Markup;
  readonly header: Markup;
  /** The ids of its parts, and what they are called. */
  readonly contents: readonly (readonly [id: string, title: string])[];
  readonly main: Markup;
}

/** One HTML file that stands by itself: no script, no font, nothing from a network. */
export function page({ title, ownStyle, header, contents, main }: Page): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<title>${title}</title>
<style>${style}${chartStyle}${ownStyle}${printStyle}</style>
</head>
<body>
${header}
<nav class="contents" aria-label="Contents">${contents.map(([id, name]) => markup`<a href="#${id}">${name}</a>`)}</nav>
<main>
${main}
</main>
</body>
</html>
`.text;
}
