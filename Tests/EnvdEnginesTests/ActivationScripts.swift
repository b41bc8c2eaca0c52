/// Scripts that do what those of well-known conda packages do, in words of our own.
enum PackageScripts {
    /// A compiler: programs and flags, the user's flags kept, what was there before kept for leaving.
    static let gcc = #"""
        # A function whose name says that it is nobody's business.
        _demo_cc_swap() {
            local what name value
            for what in "$@"; do
                name=${what%%,*}
                value=$(printf '%s' "$what" | sed 's/^[^,]*,//')
                eval previous=\"\${$name:-}\"
                if [ -n "$previous" ]; then
                    eval export CONDA_BACKUP_$name=\"\$previous\"
                else
                    eval unset CONDA_BACKUP_$name
                fi
                eval export "$name=\"\$value\""
            done
        }
        if [ "${CONDA_BUILD:-0}" = 1 ]; then
            FLAGS_USED="-O2 -I${PREFIX}/include"
        else
            FLAGS_USED="-O2 -isystem ${CONDA_PREFIX}/include"
        fi
        LINK_USED="-Wl,-rpath,${CONDA_PREFIX}/lib -L${CONDA_PREFIX}/lib"
        _demo_cc_swap "CC,$CONDA_PREFIX/bin/x86_64-conda-linux-gnu-cc" "HOST,x86_64-conda-linux-gnu" \
            "CFLAGS,${CFLAGS:-$FLAGS_USED}" "CPPFLAGS,${CPPFLAGS:--DNDEBUG}" "LDFLAGS,${LDFLAGS:-$LINK_USED}" \
            "CMAKE_PREFIX_PATH,$CONDA_PREFIX:$CONDA_PREFIX/x86_64-conda-linux-gnu/sysroot/usr" "host_alias,x86_64"
        if [ $? -ne 0 ]; then echo "it did not work"; fi
        """#

    static let proj = #"""
        if [ -n "${PROJ_DATA:-}" ]; then export _CONDA_SET_PROJ_DATA=$PROJ_DATA; fi
        [ -d "$CONDA_PREFIX/share/proj" ] && export "PROJ_DATA=$CONDA_PREFIX/share/proj"
        if [ -f "$CONDA_PREFIX/share/proj/licenses.csv" ]; then
            export PROJ_NETWORK=OFF
        else
            export PROJ_NETWORK=ON
        fi
        """#

    static let gdal = #"""
        if [[ -n $GDAL_DATA ]]; then export _CONDA_SET_GDAL_DATA=$GDAL_DATA; fi
        if [[ -n $GDAL_DRIVER_PATH ]]; then export _CONDA_SET_GDAL_DRIVER_PATH=$GDAL_DRIVER_PATH; fi
        export GDAL_DATA=$CONDA_PREFIX/share/gdal
        export GDAL_DRIVER_PATH=$CONDA_PREFIX/lib/plugins-of-gdal
        if [[ ! -d $GDAL_DRIVER_PATH ]]; then unset GDAL_DRIVER_PATH; fi
        export CPL_ZIP_ENCODING=UTF-8
        """#

    static let libxml2 = #"""
        if test -n "${XML_CATALOG_FILES:-}"; then
            xml_before="$XML_CATALOG_FILES"
            XML_CATALOG_FILES="$XML_CATALOG_FILES "
        else
            xml_before=""
            XML_CATALOG_FILES=""
        fi
        catalogs=""
        separators="$IFS"
        IFS=" "
        for piece in $CONDA_PREFIX; do
            catalogs="${catalogs:+$catalogs%20}$piece"
        done
        IFS="$separators"
        export XML_CATALOG_FILES="${XML_CATALOG_FILES}file://$catalogs/etc/xml/catalog file:///etc/xml/catalog"
        unset catalogs separators
        """#

    static let glib = #"""
        export GSETTINGS_SCHEMA_DIR_CONDA_BACKUP="${GSETTINGS_SCHEMA_DIR:-}"
        export GSETTINGS_SCHEMA_DIR="$CONDA_PREFIX/share/glib-2.0/schemas"
        """#

    /// Only where the user has not said otherwise; and some only while a package is built.
    static let openmpi = #"""
        if [ -z "${OMPI_MCA_opal_cuda_support:-}" ]; then export OMPI_MCA_opal_cuda_support=true; fi
        : "${PMIX_MCA_gds:=hash}"; export PMIX_MCA_gds
        if [[ "${CONDA_BUILD:-}" = "1" ]]; then
            echo "a package is being built"
            export OMPI_MCA_plm_ssh_agent=false
        fi
        """#
}
