{{- define "h1" -}}
{{ include "h2" . }}
{{- end -}}
{{- define "h2" -}}

  {{ required "need foo" .Values.foo }}
{{- end -}}
