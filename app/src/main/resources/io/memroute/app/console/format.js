// Numbers for people: few digits, with units; a dash where there is nothing.

const NONE = "–";
const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

function absent(number) {
  return number === null || number === undefined || Number.isNaN(number);
}

function scaled(number, units, step) {
  let unit = 0;
  while (Math.abs(number) >= step && unit < units.length - 1) {
    number /= step;
    unit++;
  }
  const digits = unit === 0 || Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : 2;
  return `${number.toFixed(digits)}${units[unit]}`;
}

/** 0, 0.4, 12, 1,234, 12.3k */
export function count(number) {
  if (absent(number)) return NONE;
  if (number !== 0 && Math.abs(number) < 10 && !Number.isInteger(number)) return number.toFixed(1);
  return Math.abs(number) < 10_000 ? grouped.format(number) : scaled(number, ["", "k", "M", "G", "T"], 1000);
}

export function whole(number) {
  return absent(number) ? NONE : grouped.format(number);
}

export function rate(number) {
  return absent(number) ? NONE : `${count(number)}/s`;
}

/** Seconds as 120 µs, 1.25 ms, 3.00 s. */
export function time(seconds) {
  if (absent(seconds)) return NONE;
  if (seconds === 0) return "0";
  if (seconds < 1e-3) return `${Math.round(seconds * 1e6)} µs`;
  if (seconds < 1) return `${(seconds * 1e3).toPrecision(3)} ms`;
  return `${seconds.toPrecision(3)} s`;
}

/** The time since something, in its largest unit: 12 s, 5 min, 3 h, 2 days. */
export function age(seconds) {
  if (absent(seconds)) return NONE;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

/** 0.987 as 98.7 % */
export function percent(ratio) {
  if (absent(ratio)) return NONE;
  return `${(ratio * 100).toFixed(ratio === 1 || ratio === 0 ? 0 : 1)} %`;
}

export function bytes(number) {
  return absent(number) ? NONE : scaled(number, [" B", " KiB", " MiB", " GiB"], 1024);
}

export function clock(text) {
  return new Date(text).toLocaleTimeString("en-GB");
}

export function moment(text) {
  const at = new Date(text);
  const today = at.toDateString() === new Date().toDateString();
  return today ? clock(text) : `${at.toISOString().slice(0, 10)} ${clock(text)}`;
}

export function plural(number, one, many = `${one}s`) {
  return `${whole(number)} ${number === 1 ? one : many}`;
}
