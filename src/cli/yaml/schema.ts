import { isAlias, isMap, isSeq, Scalar, type ScalarTag, Schema } from 'yaml';

/**
 * Plain scalars as kubectl reads them: neither YAML 1.1 nor 1.2, but what go-yaml 2 makes of both. `yes` and `y` are true, `010` and
 * `0o10` are 8, `1_000` is 1000; `22:22` and `2026-01-01` are text. Source: go-yaml 2.4, resolve.go.
 */
const BOOLEAN: ScalarTag = {
  tag: 'tag:yaml.org,2002:bool',
  default: true,
  test: /^(?:[yYnN]|[Yy]es|YES|[Nn]o|NO|[Tt]rue|TRUE|[Ff]alse|FALSE|[Oo]n|ON|[Oo]ff|OFF)$/,
  resolve: (text) => /^(?:[yYtT]|on$|On$|ON$)/.test(text),
};

const NULL: ScalarTag = {
  tag: 'tag:yaml.org,2002:null',
  default: true,
  test: /^(?:~|[Nn]ull|NULL)?$/,
  resolve: () => new Scalar(null),
};

const NUMBER =
  /^(?=[-+.\d])[-+]?(?:_*0_*[xX][\da-fA-F_]+|_*0_*[oO][0-7_]+|_*0_*[bB][01_]+|[\d_]*(?:\.[\d_]*)?(?:[eE]_*[-+]?[\d_]+)?)$/;

const INTEGER: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: NUMBER,
  resolve: (text) => numberIn(text) ?? text,
};

const FLOAT: ScalarTag = { ...INTEGER, tag: 'tag:yaml.org,2002:float', default: false };

const NOT_JSON: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve(text, onError) {
    onError(`${text} is a number that JSON does not have`);
    return text;
  },
};

/** What go-yaml's 64 bits hold as an integer. */
const INTEGERS_END = 2 ** 64;

function numberIn(text: string): number | undefined {
  const plain = text.startsWith('.') ? text.replaceAll(/(\d)_(?=\d)/g, '$1') : text.replaceAll('_', '');
  const sign = plain.startsWith('-') ? -1 : 1;
  const digits = /^[-+]/.test(plain) ? plain.slice(1) : plain;
  const octal = /^0[oO]?([0-7]+)$/.exec(digits)?.[1];
  const based = octal !== undefined ? `0o${octal}` : /^0(?:[xX][\da-fA-F]+|[bB][01]+)$/.test(digits) ? digits : undefined;
  if (based !== undefined && Number(based) < INTEGERS_END) return sign * Number(based);
  if (!/^(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(digits)) return undefined;
  const number = sign * Number(digits);
  return Number.isFinite(number) ? number : undefined;
}

/** Merge keys, which go-yaml takes where they stand: what a map says before its merge key, the merge overrides. */
const MERGE: ScalarTag & { default: 'key' } = {
  tag: 'tag:yaml.org,2002:merge',
  default: 'key',
  test: /^<<$/,
  resolve: () => Object.assign(new Scalar('<<'), { addToJSMap: merge }),
};

const merge: NonNullable<Scalar['addToJSMap']> = (context, into, value) => {
  const resolved = (node: unknown): unknown =>
    isAlias(node) && context !== undefined ? node.resolve(context.doc, context) : node;
  const merged = resolved(value);
  // Of several, the first one counts.
  for (const item of isSeq(merged) ? merged.items.toReversed() : [merged]) {
    const source = resolved(item);
    if (!isMap(source)) throw new Error('A merge key takes a map or a list of maps');
    const entries: unknown = source.toJSON(null, context, Map);
    if (!(entries instanceof Map)) continue;
    for (const [key, entry] of entries) {
      if (into instanceof Map) into.set(key, entry);
      else if (into instanceof Set) into.add(key);
      else Object.defineProperty(into, String(key), { value: entry, writable: true, enumerable: true, configurable: true });
    }
  }
};

/** Scalars that kubectl takes for something else than text. */
export const SCALAR_TAGS = [NULL, BOOLEAN, INTEGER, NOT_JSON, FLOAT];

/** One for all documents: no document adds a tag to it. */
export const MANIFEST_SCHEMA = new Schema({ schema: 'failsafe', customTags: [...SCALAR_TAGS, MERGE] });
