{{- define "h1" -}}
{{ include "h2" . }}
{{- end -}}
{{- define "h2" -}}

  {{ .Values.foo.bar | upper }}
{{- end -}}
