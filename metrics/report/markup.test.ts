import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { markup } from './markup.ts';

test('what is put into a page is escaped, in text and in attributes', () => {
  assert.equal(
    markup`<b title="${'" onclick="x'}">${'<script>&'}</b>`.text,
    '<b title="&#34; onclick=&#34;x">&#60;script&#62;&#38;</b>',
  );
});

test('markup inside of markup stays, lists are joined, nothing is nothing', () => {
  const items = ['a', '<'].map((item) => markup`<li>${item}</li>`);
  assert.equal(markup`<ul>${items}${undefined}${0}</ul>`.text, '<ul><li>a</li><li>&#60;</li>0</ul>');
});

test('no text can open a tag or leave an attribute', () => {
  fc.assert(fc.property(fc.string(), (text) => !/[<>"'`]/.test(markup`${text}`.text)));
});
