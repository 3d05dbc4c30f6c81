import type { Container } from '../core/container.ts';
import { list, property, text, valueAt } from '../core/json.ts';
import type { Workload } from '../core/workload.ts';

/** The data of a ConfigMap by key. `configMap` gives one of the workload's own namespace, or undefined where the input has none. */
export type FindConfigMap = (namespace: string, name: string) => Readonly<Record<string, string>> | undefined;

/**
 * The workload with the texts of the scripts that its containers have mounted from ConfigMaps: what `lint` and `audit` can read
 * beside it, and admission cannot. The workload itself where nothing is mounted that is known.
 */
export function withMountedScripts(workload: Workload, configMap: FindConfigMap): Workload {
  const find = (name: string): Readonly<Record<string, string>> | undefined => configMap(workload.namespace, name);
  const pods = workload.pods.map((pod) => {
    const volumes = volumesOf(valueAt(workload.object, pod.at), find);
    if (volumes.size === 0) return pod;
    return { ...pod, containers: pod.containers.map((container) => withScripts(container, workload, volumes)) };
  });
  return pods.every((pod, index) => pod === workload.pods[index]) ? workload : { ...workload, pods };
}

/** Files of each volume by their path in it. */
type Volumes = ReadonlyMap<string, ReadonlyMap<string, string>>;

function volumesOf(spec: unknown, find: (name: string) => Readonly<Record<string, string>> | undefined): Volumes {
  const volumes = new Map<string, Map<string, string>>();
  for (const volume of list(property(spec, 'volumes'))) {
    const sources = [
      property(volume, 'configMap'),
      ...list(valueAt(volume, ['projected', 'sources'])).map((source) => property(source, 'configMap')),
    ];
    const files = new Map(sources.flatMap((source) => filesOf(source, find)));
    const name = text(property(volume, 'name'));
    if (name !== undefined && files.size > 0) volumes.set(name, files);
  }
  return volumes;
}

function filesOf(
  source: unknown,
  find: (name: string) => Readonly<Record<string, string>> | undefined,
): (readonly [string, string])[] {
  const name = text(property(source, 'name'));
  const data = name === undefined ? undefined : find(name);
  if (data === undefined) return [];
  const items = property(source, 'items');
  if (!Array.isArray(items)) return Object.entries(data);
  return list(items).flatMap((item) => {
    const key = text(property(item, 'key')) ?? '';
    const path = text(property(item, 'path')) ?? '';
    const content = Object.hasOwn(data, key) ? data[key] : undefined;
    return content === undefined ? [] : [[path, content] as const];
  });
}

function withScripts(container: Container, workload: Workload, volumes: Volumes): Container {
  const scripts = new Map<string, string>();
  for (const mount of list(valueAt(workload.object, [...container.at, 'volumeMounts']))) {
    const files = volumes.get(text(property(mount, 'name')) ?? '');
    const mountPath = text(property(mount, 'mountPath'));
    if (files === undefined || mountPath === undefined) continue;
    const base = mountPath.endsWith('/') ? mountPath.slice(0, -1) : mountPath;
    const subPath = text(property(mount, 'subPath'));
    if (subPath === undefined || subPath === '') for (const [path, content] of files) scripts.set(`${base}/${path}`, content);
    else {
      const content = files.get(subPath);
      if (content !== undefined) scripts.set(base, content);
    }
  }
  return scripts.size === 0 ? container : { ...container, scripts };
}
