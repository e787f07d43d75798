{{- define "h1" -}}
{{ include "h2" . }}
{{- end -}}
{{- define "h2" -}}

  {{ fail "boom: x" }}
{{- end -}}
