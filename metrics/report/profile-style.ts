import { Markup } from './markup.ts';

/** The drawings that show all cells beside each other. */
export const profileStyle = new Markup(`
.profile { font-size: 0.8125rem; max-width: 96rem; }
.profile .row { display: grid; grid-template-columns: 11rem repeat(4, minmax(0, 1fr)); column-gap: 1.4rem; align-items: center; padding: 0.1rem 0; }
.profile .row:not(.head) { border-top: 1px solid var(--rule); }
.profile .group { font-weight: 600; font-size: 0.875rem; margin: 0.8rem 0 0.2rem; max-width: none; overflow-wrap: anywhere; }
.profile .label { color: var(--soft); }
.profile .track { display: block; }
.profile .plot { display: block; position: relative; height: 1.3rem; background: linear-gradient(var(--rule), var(--rule)) center / 100% 1px no-repeat; }
.profile .plot i { position: absolute; }
.profile .golden { top: 0; bottom: 0; min-width: 2px; background: var(--green); opacity: 0.3; }
.profile .interval { top: 0.525rem; height: 0.25rem; min-width: 2px; background: var(--box); }
.profile .worst { top: 0.25rem; height: 0.8rem; width: 2px; margin-left: -1px; background: var(--ink); }
.profile .middle { top: 0.325rem; width: 0.65rem; height: 0.65rem; margin-left: -0.325rem; border-radius: 50%; background: var(--blue); border: 2px solid var(--blue); }
.profile .middle.open { background: var(--page); }
.profile .middle.beyond { background: var(--red); border-color: var(--red); }
.profile .worst.beyond { background: var(--red); }
.profile .short { display: none; color: var(--soft); font-size: 0.75rem; }
.profile .axis b { display: block; font-weight: 600; }
.profile .ticks { display: block; position: relative; height: 1.2rem; }
.profile .ticks span { position: absolute; transform: translateX(-50%); color: var(--soft); font-size: 0.75rem; white-space: nowrap; }
.profile .ticks span:first-child { transform: none; }
.profile .ticks .last { transform: translateX(-100%); }
.outcomes .key { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.15rem 1.2rem; font-size: 0.8125rem; max-width: none; }
.outcomes .swatch { display: inline-block; width: 0.8rem; height: 0.8rem; border-radius: 2px; margin-right: 0.4rem; vertical-align: -0.08rem; }
.outcome { display: grid; grid-template-columns: 17rem minmax(0, 1fr); column-gap: 0.6rem; align-items: center; font-size: 0.8375rem; padding: 0.12rem 0; max-width: 80rem; }
.outcome .label { color: var(--soft); }
.shares { display: flex; gap: 2px; height: 1.3rem; }
.shares span { min-width: 1.1rem; border-radius: 2px; text-align: center; font-size: 0.75rem; line-height: 1.3rem; color: #ffffff; overflow: hidden; font-variant-numeric: tabular-nums; }
.outcomes .wrong-answers { background: #8e1b5f; }
.outcomes .not-recovered { background: #b3261e; }
.outcomes .host-crash { background: #7a4a12; }
.outcomes .recovered-on-removal { background: #a85800; }
.outcomes .recovered-by-unknown { background: #86683c; }
.outcomes .recovered-by-management { background: #3d63c9; }
.outcomes .recovered-by-node { background: #0b6f8a; }
.outcomes .degraded { background: #6f5aa8; }
.outcomes .masked { background: #1a7f37; }
.outcomes .no-effect { background: #4f7f5a; }
.outcomes .not-activated { background: #6b737d; }
.outcomes .unknown { background: repeating-linear-gradient(135deg, #6b737d 0 4px, #565d66 4px 8px); }
@media screen and (max-width: 56rem) {
  .profile .row { grid-template-columns: repeat(2, minmax(0, 1fr)); row-gap: 0.1rem; padding: 0.3rem 0; }
  .profile .label { grid-column: 1 / 3; font-weight: 600; }
  .profile .short { display: block; }
  .outcome { grid-template-columns: minmax(0, 1fr); }
}
@media print { .profile .row, .outcome { break-inside: avoid; } }
`);
