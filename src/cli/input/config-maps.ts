import { isObject, property, text } from '../../core/json.ts';

/** The data of ConfigMaps by `namespace/name`; the namespace is empty where the object names none. */
export type ConfigMaps = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** May the text hold a ConfigMap? Probes run scripts that are mounted from them. */
export const mayHoldConfigMap = (content: string): boolean => /["']?kind["']?\s*:\s*["']?ConfigMap(List)?\b/.test(content);

export function readConfigMap(object: unknown): [string, Record<string, string>] | undefined {
  if (property(object, 'apiVersion') !== 'v1' || property(object, 'kind') !== 'ConfigMap') return undefined;
  const metadata = property(object, 'metadata');
  const name = text(property(metadata, 'name'));
  const data = property(object, 'data');
  if (name === undefined || !isObject(data)) return undefined;
  const texts = Object.entries(data).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value] as const] : []));
  return [`${text(property(metadata, 'namespace')) ?? ''}/${name}`, Object.fromEntries(texts)];
}
