{{- define "probewise.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "probewise.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- $name := include "probewise.name" . }}
{{- ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "probewise.selectorLabels" -}}
app.kubernetes.io/name: {{ include "probewise.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "probewise.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "probewise.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: probewise
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Metadata of an object: (dict "root" $ "name" … "namespaced" true "labels" {} "annotations" {}) */}}
{{- define "probewise.metadata" -}}
name: {{ .name }}
{{- if .namespaced }}
namespace: {{ .root.Release.Namespace }}
{{- end }}
labels:
  {{- include "probewise.labels" .root | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "probewise.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "probewise.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "probewise.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{- define "probewise.openshift" -}}
{{- if or .Values.openshift (.Capabilities.APIVersions.Has "security.openshift.io/v1") }}true{{ end }}
{{- end }}

{{/* OpenShift gives every namespace its own range of user ids, and refuses any other. */}}
{{- define "probewise.podSecurityContext" -}}
{{- if include "probewise.openshift" . }}
{{- toYaml (omit .Values.podSecurityContext "runAsUser" "runAsGroup" "fsGroup") }}
{{- else }}
{{- toYaml .Values.podSecurityContext }}
{{- end }}
{{- end }}

{{/* The Secret that the serving certificate is in. */}}
{{- define "probewise.secretName" -}}
{{- if eq .Values.certificates.mode "secret" }}
{{- required "certificates.secret.name: name the Secret with the serving certificate, or set certificates.mode to self" .Values.certificates.secret.name }}
{{- else }}
{{- printf "%s-tls" (include "probewise.fullname" .) }}
{{- end }}
{{- end }}

{{- define "probewise.checks" -}}
{{- if and (eq .Values.certificates.mode "secret") (not .Values.certificates.secret.caBundle) }}
{{- fail "certificates.secret.caBundle: give the authority of the certificate (PEM), or the API server trusts no answer and nothing is enforced" }}
{{- end }}
{{- if eq .Release.Namespace .Values.canary.namespace }}
{{- fail "canary.namespace: the canary needs a namespace of its own, because the one that Probewise runs in is never looked at" }}
{{- end }}
{{- if has .Values.canary.namespace .Values.excludedNamespaces }}
{{- fail "excludedNamespaces: it must not have the canary's namespace, or nobody sees when nothing is enforced" }}
{{- end }}
{{- end }}

{{/* The expression of the condition `made-by-people`, as src/kube/webhook-conditions.ts makes it. */}}
{{- define "probewise.madeByPeople" -}}
{{- $exact := list }}
{{- $tests := list }}
{{- range . }}
{{- if hasSuffix "*" . }}
{{- $tests = append $tests (printf "request.userInfo.username.startsWith('%s')" (trimSuffix "*" .)) }}
{{- else }}
{{- $exact = append $exact (printf "'%s'" .) }}
{{- end }}
{{- end }}
{{- printf "!(request.userInfo.username in [%s] || %s)" (join ", " $exact) (join " || " $tests) }}
{{- end }}

{{/* One of the webhooks in files/webhooks.json, with what is a value: (dict "root" $ "webhook" … "controllerAccounts" …) */}}
{{- define "probewise.webhook" -}}
{{- $values := .root.Values }}
{{- $webhook := deepCopy .webhook }}
{{- $service := dict "namespace" .root.Release.Namespace "name" (include "probewise.fullname" .root) "port" (int $values.service.port) "path" .webhook.clientConfig.service.path }}
{{- $client := dict "service" $service }}
{{- if eq $values.certificates.mode "secret" }}
{{- $_ := set $client "caBundle" ($values.certificates.secret.caBundle | trim | printf "%s\n" | b64enc) }}
{{- end }}
{{- $_ := set $webhook "clientConfig" $client }}
{{- $_ := set $webhook "timeoutSeconds" (int $values.webhook.timeoutSeconds) }}
{{- if hasKey $webhook "namespaceSelector" }}
{{- $excluded := concat (list "kube-system" .root.Release.Namespace) $values.excludedNamespaces | uniq }}
{{- $_ := set $webhook "namespaceSelector" (dict "matchExpressions" (list (dict "key" "kubernetes.io/metadata.name" "operator" "NotIn" "values" $excluded))) }}
{{- end }}
{{- if eq $webhook.name "validate.probewise.dev" }}
{{- $_ := set $webhook "failurePolicy" $values.webhook.failurePolicy }}
{{- end }}
{{- $conditions := list }}
{{- range $condition := $webhook.matchConditions }}
{{- if and (eq $condition.name "made-by-people") $values.controllerAccounts }}
{{- $accounts := concat $.controllerAccounts $values.controllerAccounts }}
{{- $condition = dict "name" $condition.name "expression" (include "probewise.madeByPeople" $accounts) }}
{{- end }}
{{- $conditions = append $conditions $condition }}
{{- end }}
{{- if $conditions }}
{{- $_ := set $webhook "matchConditions" $conditions }}
{{- end }}
{{- toYaml $webhook }}
{{- end }}

{{/* What the server is told about the cluster. */}}
{{- define "probewise.clusterArgs" -}}
{{- if eq .Values.certificates.mode "self" -}}
- --certificates=self
- --secret-name={{ include "probewise.secretName" . }}
{{- else -}}
- --certificates=files
- --tls-cert=/certificate/tls.crt
- --tls-key=/certificate/tls.key
{{- end }}
- --namespace={{ .Release.Namespace }}
- --service-name={{ include "probewise.fullname" . }}
- --lease-name={{ include "probewise.leaseName" . }}
{{- if .Values.canary.enabled }}
- --canary-namespace={{ .Values.canary.namespace }}
{{- end }}
{{- if .Values.scan.enabled }}
- --scan-interval={{ .Values.scan.intervalSeconds }}
{{- end }}
{{- range .Values.controllerAccounts }}
- --controllers={{ . }}
{{- end }}
{{- end }}

{{- define "probewise.alert" -}}
- alert: {{ .name }}
  expr: {{ .expr | quote }}
  for: {{ .for }}
  labels:
    severity: {{ .severity }}
  annotations:
    summary: {{ .summary | quote }}
    description: {{ .description | quote }}
    {{- with .root.Values.metrics.prometheusRule.runbookUrl }}
    runbook_url: {{ printf "%s#%s" . (lower $.name) | quote }}
    {{- end }}
{{- end }}

{{/*
One for each way to get a certificate: while one takes over from another, replicas that make certificates must not wait for a leader
that does not.
*/}}
{{- define "probewise.leaseName" -}}
{{- $name := include "probewise.fullname" . }}
{{- ternary $name (printf "%s-%s" $name .Values.certificates.mode) (eq .Values.certificates.mode "self") }}
{{- end }}
