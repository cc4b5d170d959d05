import assert from 'node:assert/strict';
import { test } from 'node:test';
import { style } from './style.ts';

const [light = '', dark = ''] = style.text.split('@media (prefers-color-scheme: dark)');

function colour(sheet: string, name: string): number[] {
  const [, hex] = new RegExp(`--${name}: #([0-9a-f]{6})`).exec(sheet) ?? [];
  assert.ok(hex, name);
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
}

/** As WCAG 2.2 defines it. */
function contrast(one: readonly number[], other: readonly number[]): number {
  const luminance = (parts: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = parts.map((part) =>
      part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

for (const [scheme, sheet] of [
  ['light', light],
  ['dark', dark],
] as const) {
  test(`text can be told from its ground, AA, when it is ${scheme}`, () => {
    const pairs = [
      ...['ink', 'soft', 'link', 'unknown', 'fail'].flatMap((text) => [
        [text, 'page'],
        [text, 'card'],
      ]),
      ...['pass', 'fail', 'unknown'].map((verdict) => [verdict, `${verdict}-tint`]),
    ];
    for (const [text = '', ground = ''] of pairs) {
      const found = contrast(colour(sheet, text), colour(sheet, ground));
      assert.ok(found >= 4.5, `${text} on ${ground}: ${found.toFixed(2)}`);
    }
  });

  test(`lines and marks can be told from their ground when it is ${scheme}`, () => {
    for (const mark of ['blue', 'red', 'orange', 'violet', 'green']) {
      const found = contrast(colour(sheet, mark), colour(sheet, 'card'));
      assert.ok(found >= 3, `${mark}: ${found.toFixed(2)}`);
    }
  });
}
