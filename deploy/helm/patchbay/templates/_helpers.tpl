{{- define "patchbay.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "patchbay.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- /* True where there may be more than one process. */ -}}
{{- define "patchbay.isShared" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicas) 1) }}true{{ end }}
{{- end }}

{{- /* Several processes on the embedded store would each have one of their own, and keys of their own. */ -}}
{{- define "patchbay.check" -}}
{{- if include "patchbay.isShared" . }}
{{- if not .Values.existingSecretIsShared }}
{{- range list "DATABASE_URL" "REDIS_URL" "ENCRYPTION_KEY" "JWT_SECRET" "GATEWAY_API_KEY" }}
{{- if not (hasKey $.Values.secrets .) }}
{{- fail (printf "Several replicas need secrets.%s, or an existingSecret that has it and existingSecretIsShared=true." .) }}
{{- end }}
{{- end }}
{{- else if not .Values.existingSecret }}
{{- fail "existingSecretIsShared=true speaks of existingSecret: name it." }}
{{- end }}
{{- end }}
{{- end }}
